#include "api/sse_hub.h"

#include <algorithm>

#include "api/sse_format.h"
#include "base/json_writer.h"
#include "base/log.h"

namespace orc {

SseHub::SseHub(Store& store, Definitions& definitions, Workers& workers, std::shared_ptr<Mailbox> mailbox, size_t buffer_bytes)
    : store_(store), definitions_(definitions), workers_(workers), mailbox_(std::move(mailbox)), half_buffer_(buffer_bytes / 2) {}

void SseHub::Open(SseTopicKey key, int64_t position, Completion& completion) {
  if (completion.request().method == Method::kHead) {
    completion.StartStream(nullptr);
    return;
  }
  const auto stream = std::make_shared<SseStream>(completion.token());
  stream->position = position;
  const std::lock_guard lock(mutex_);
  // Told to the reactor first, so that no page can reach it before the stream does; under the mutex, so that its OnClosed
  // comes after the stream was put into its topic.
  if (!completion.StartStream(stream)) return;
  TopicPtr& topic = topics_[key.run_id][static_cast<size_t>(key.kind)];
  if (!topic) topic = std::make_shared<SseTopic>(std::move(key));
  stream->topic = topic.get();
  stream->index = topic->streams.size();
  topic->streams.push_back(stream);
  ++count_;
  Mark(topic, true);
}

void SseHub::OnNews(const std::vector<RunNews>& news) {
  if (size() == 0) return;
  constexpr auto kEvents = static_cast<size_t>(SseTopicKey::Kind::kEvents);
  const std::lock_guard lock(mutex_);
  bool has_events = false;
  for (const RunNews& item : news) {
    has_events |= item.events;
    const auto found = topics_.find(item.run_id);
    if (found == topics_.end()) continue;
    for (size_t kind = 0; kind < found->second.size(); ++kind) {
      const TopicPtr& topic = found->second[kind];
      if (!topic) continue;
      const bool has_rows = kind == kEvents ? item.events : item.logs;
      // A run that was retried goes on: an end that was seen before must be looked at again.
      if (has_rows || item.terminal || topic->has_ended) Mark(topic, item.terminal || topic->has_ended);
    }
  }
  const auto all = topics_.find("");
  if (has_events && all != topics_.end() && all->second[kEvents]) Mark(all->second[kEvents], false);
}

void SseHub::OnDrained(const SseStreamPtr& stream) {
  const std::lock_guard lock(mutex_);
  if (!stream->topic || !stream->is_blocked) return;
  stream->is_blocked = false;
  SchedulePump(topics_[stream->topic->key.run_id][static_cast<size_t>(stream->topic->key.kind)]);
}

void SseHub::OnClosed(const SseStreamPtr& stream) {
  const std::lock_guard lock(mutex_);
  if (!stream->topic) return;  // ended by the pump
  const TopicPtr topic = topics_[stream->topic->key.run_id][static_cast<size_t>(stream->topic->key.kind)];
  Detach(*stream);
  DropIfUnused(topic);
}

void SseHub::OnIdle(const SseStreamPtr& stream) {
  const std::lock_guard lock(mutex_);
  if (stream->topic) Mark(topics_[stream->topic->key.run_id][static_cast<size_t>(stream->topic->key.kind)], true);
}

void SseHub::Mark(const TopicPtr& topic, bool must_check) {
  topic->is_dirty = true;
  topic->must_check |= must_check && !topic->key.run_id.empty();
  SchedulePump(topic);
}

void SseHub::SchedulePump(const TopicPtr& topic) {
  if (std::exchange(topic->is_pumped, true)) return;
  workers_.SubmitFollowUp([this, topic] { Pump(topic); });
}

void SseHub::Pump(const TopicPtr& topic) {
  constexpr int kMaxBatches = 16;  // then others have their turn
  for (int i = 0; i < kMaxBatches; ++i) {
    Batch batch;
    {
      const std::lock_guard lock(mutex_);
      if (!NextBatch(*topic, batch)) {
        topic->is_pumped = false;
        return DropIfUnused(topic);
      }
    }
    // The state is read before the rows: what is written after a run's end can't be missed by a reader that sees the end.
    if (batch.must_check) CheckEnd(*topic);
    Result<SsePage> page = ReadSsePage(*topic, store_, definitions_, batch.position, half_buffer_);
    const std::lock_guard lock(mutex_);
    Deliver(*topic, batch, std::move(page));
  }
  workers_.SubmitFollowUp([this, topic] { Pump(topic); });
}

bool SseHub::NextBatch(SseTopic& topic, Batch& batch) {
  if (std::exchange(topic.is_dirty, false)) {
    for (const SseStreamPtr& stream : topic.streams) stream->behind = true;
  }
  bool found = false;
  for (const SseStreamPtr& stream : topic.streams) {
    if (!stream->behind || stream->is_blocked) continue;
    // Under the mutex that OnDrained takes: either the drained buffer is seen here or OnDrained sees the mark.
    stream->is_blocked = stream->unwritten.load() > half_buffer_;
    if (stream->is_blocked) continue;
    batch.position = found ? std::min(batch.position, stream->position) : stream->position;
    found = true;
  }
  if (found) batch.must_check = std::exchange(topic.must_check, false);
  return found;
}

void SseHub::CheckEnd(SseTopic& topic) {
  if (topic.key.run_id.empty()) return;  // the events of all runs have no end
  const Result<RunProgress> progress = store_.GetRunProgress(topic.key.run_id);
  const bool is_gone = !progress.ok() && progress.error().code == ErrorCode::kNotFound;
  const bool is_over = progress.ok() && IsTerminal(progress->status);
  const std::lock_guard lock(mutex_);
  topic.has_ended = is_gone || is_over;
  JsonWriter writer;
  writer.BeginObject().Field("status", is_over ? ToText(progress->status) : std::string_view("DELETED")).EndObject();
  topic.final_state = std::move(writer).text();
}

void SseHub::Deliver(SseTopic& topic, const Batch& batch, Result<SsePage> page) {
  if (!page.ok()) LogWarn("a stream can't be read; its clients must come again", {{"error", page.error().message}});
  // Only a run that was deleted meanwhile ends its streams so; any other failure leaves lines unsent, and an end would hide that.
  const bool is_broken = !page.ok() && !(topic.has_ended && page.error().code == ErrorCode::kNotFound);
  const bool is_last = !page.ok() || page->is_last;
  const bool is_end = is_broken || (is_last && topic.has_ended);
  std::string bytes = page.ok() ? std::move(page->bytes) : std::string();
  if (is_end && !is_broken) bytes += SseEnd(topic.final_state);
  PieceMail mail{nullptr, {}, is_end};
  std::vector<SseStreamPtr> ended;
  for (const SseStreamPtr& stream : topic.streams) {
    if (!stream->behind || stream->is_blocked || stream->position != batch.position) continue;
    stream->unwritten += bytes.size();
    if (page.ok()) stream->position = page->last_id;
    if (is_last) stream->behind = false;
    mail.tokens.push_back(stream->token);
    if (is_end) ended.push_back(stream);
  }
  for (const SseStreamPtr& stream : ended) Detach(*stream);
  if (bytes.empty() && !is_end) return;
  mail.bytes = std::make_shared<const std::string>(std::move(bytes));
  if (!mail.tokens.empty()) mailbox_->Post(std::move(mail));
}

void SseHub::Detach(SseStream& stream) {
  auto& streams = stream.topic->streams;
  std::swap(streams[stream.index], streams.back());
  streams[stream.index]->index = stream.index;
  stream.topic = nullptr;
  streams.pop_back();
  --count_;
}

void SseHub::DropIfUnused(const TopicPtr& topic) {
  if (!topic->streams.empty() || topic->is_pumped) return;
  const auto found = topics_.find(topic->key.run_id);
  if (found == topics_.end()) return;
  TopicPtr& slot = found->second[static_cast<size_t>(topic->key.kind)];
  if (slot == topic) slot.reset();
  if (std::none_of(found->second.begin(), found->second.end(), [](const TopicPtr& t) { return t != nullptr; })) topics_.erase(found);
}

}  // namespace orc
