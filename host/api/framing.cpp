// The one translation unit that sees Beast.
#include "api/framing.h"

#include <boost/beast/http/basic_parser.hpp>

namespace orc {
namespace {

namespace http = boost::beast::http;
using ErrorCodeOut = boost::beast::error_code;
using Text = boost::beast::string_view;

/// Chunk headers and trailers wait in the caller's buffer until they are whole: this bounds how long they may be.
constexpr size_t kMaxChunkLine = 8u << 10;

}  // namespace

class RequestParser::Core final : public http::basic_parser<true> {
 public:
  explicit Core(size_t max_body) : max_body_(max_body) {}
  Request request;
  bool is_too_large() const { return is_too_large_; }

 private:
  Request::Field Place(Text name, Text value) const {
    const char* begin = request.head.data();
    return {static_cast<uint32_t>(name.data() - begin), static_cast<uint32_t>(name.size()), static_cast<uint32_t>(value.data() - begin),
            static_cast<uint32_t>(value.size())};
  }
  void on_request_impl(http::verb, Text method, Text target, int, ErrorCodeOut&) override {
    request.line = Place(method, target);
    request.method = ParseMethod({method.data(), method.size()});
  }
  void on_response_impl(int, Text, int, ErrorCodeOut&) override {}
  void on_field_impl(http::field, Text name, Text value, ErrorCodeOut&) override {
    // Trailers are read and dropped: a field after the body must not change what the gate has judged.
    if (in_head_) request.fields.push_back(value.empty() ? Place(name, name.substr(name.size())) : Place(name, value));
  }
  void on_header_impl(ErrorCodeOut&) override { in_head_ = false; }
  void on_body_init_impl(const boost::optional<uint64_t>&, ErrorCodeOut&) override {}
  size_t on_body_impl(Text body, ErrorCodeOut& error) override { return Append(body, error); }
  void on_chunk_header_impl(uint64_t, Text, ErrorCodeOut&) override {}
  size_t on_chunk_body_impl(uint64_t, Text body, ErrorCodeOut& error) override { return Append(body, error); }
  void on_finish_impl(ErrorCodeOut&) override {}

  size_t Append(Text body, ErrorCodeOut& error) {
    if (request.body.size() + body.size() > max_body_) {
      is_too_large_ = true;
      error = http::error::body_limit;
      return 0;
    }
    request.body.append(body.data(), body.size());
    return body.size();
  }

  const size_t max_body_;
  bool in_head_ = true;
  bool is_too_large_ = false;
};

RequestParser::RequestParser(const FramingLimits& limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;

size_t RequestParser::Feed(std::string_view bytes) {
  size_t taken = 0;
  if (state_ == State::kHead) taken = FeedHead(bytes);
  if (state_ == State::kBody) taken += FeedBody(bytes.substr(taken));
  return taken;
}

size_t RequestParser::FeedHead(std::string_view bytes) {
  HeadScan scan = ScanHead(bytes, seen_, limits_);
  if (scan.fault) return Refuse(std::move(*scan.fault)), 0;
  seen_ = scan.seen;
  if (scan.head_size == 0) return 0;
  HeadFacts facts;
  if (auto fault = CheckHead(bytes.substr(0, scan.head_size), limits_, facts)) return Refuse(std::move(*fault)), 0;
  core_ = std::make_unique<Core>(limits_.max_body_bytes);
  core_->header_limit(static_cast<uint32_t>(limits_.max_head_bytes + 1));
  core_->body_limit(limits_.max_body_bytes);
  core_->eager(true);
  core_->request.head.assign(bytes.substr(0, scan.head_size));
  ErrorCodeOut error;
  core_->put(boost::asio::const_buffer(core_->request.head.data(), scan.head_size), error);
  if (error) return Refuse({400, "the head of the request is malformed: " + error.message()}), 0;
  core_->request.keep_alive = core_->keep_alive();
  state_ = core_->is_done() ? State::kDone : State::kBody;
  wants_continue_ = facts.expects_continue && state_ == State::kBody && bytes.size() == scan.head_size;
  return scan.head_size;
}

size_t RequestParser::FeedBody(std::string_view bytes) {
  if (bytes.empty()) return 0;
  ErrorCodeOut error;
  const size_t taken = core_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (core_->is_too_large() || error == http::error::body_limit) {
    return Refuse({413, "the body may have at most " + std::to_string(limits_.max_body_bytes) + " bytes"}), taken;
  }
  if (error && error != http::error::need_more) return Refuse({400, "the body is malformed: " + error.message()}), taken;
  if (core_->is_done()) {
    state_ = State::kDone;
  } else if (bytes.size() - taken > kMaxChunkLine) {
    Refuse({400, "a chunk header or trailer is too long"});
  }
  return taken;
}

void RequestParser::Refuse(FramingFault fault) {
  fault_ = std::move(fault);
  state_ = State::kRefused;
}

bool RequestParser::TakeContinue() { return std::exchange(wants_continue_, false); }

Request RequestParser::TakeRequest() {
  Request request = std::move(core_->request);
  core_.reset();
  return request;
}

}  // namespace orc
