#include "wire/messages.h"

namespace orc::wire {
namespace {

constexpr uint32_t kMaxActions = 256;

std::string_view View(orc_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }
orc_text Text(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string Hello::Encode() const {
  FrameWriter writer(Kind::kHello);
  writer.Text(file).U64(memory_bytes).U64(open_files).I64(cpu_ms).U8(may_use_network).U8(may_run_programs).U32(blocking_threads);
  return std::move(writer).Take();
}

std::optional<Hello> Hello::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Hello hello;
  hello.file = reader.Text();
  hello.memory_bytes = reader.U64();
  hello.open_files = reader.U64();
  hello.cpu_ms = reader.I64();
  hello.may_use_network = reader.U8() != 0;
  hello.may_run_programs = reader.U8() != 0;
  hello.blocking_threads = reader.U32();
  if (!reader.IsWhole()) return std::nullopt;
  return hello;
}

std::string Described::Encode() const {
  FrameWriter writer(Kind::kDescribed);
  writer.Text(name).Text(version).Text(licence).Text(summary).Text(measures).U32(static_cast<uint32_t>(actions.size()));
  for (const ActionTexts& a : actions) {
    writer.U32(a.flags).Text(a.name).Text(a.version).Text(a.summary).Text(a.config_schema).Text(a.input_schema).Text(a.output_schema);
    writer.U8(a.has_cancel).U8(a.has_health);
  }
  return std::move(writer).Take();
}

std::optional<Described> Described::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Described described;
  for (std::string* text : {&described.name, &described.version, &described.licence, &described.summary, &described.measures}) {
    *text = reader.Text();
  }
  const uint32_t count = reader.U32();
  if (count > kMaxActions) return std::nullopt;
  for (uint32_t i = 0; i < count && reader.ok(); ++i) {
    ActionTexts& a = described.actions.emplace_back();
    a.flags = reader.U32();
    for (std::string* text : {&a.name, &a.version, &a.summary, &a.config_schema, &a.input_schema, &a.output_schema}) *text = reader.Text();
    a.has_cancel = reader.U8() != 0;
    a.has_health = reader.U8() != 0;
  }
  if (!reader.IsWhole()) return std::nullopt;
  return described;
}

std::string Fault::Encode() const {
  FrameWriter writer(Kind::kFault);
  writer.Text(check).Text(detail);
  return std::move(writer).Take();
}

std::optional<Fault> Fault::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Fault fault;
  fault.check = reader.Text();
  fault.detail = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return fault;
}

std::string Create::Encode() const {
  FrameWriter writer(Kind::kCreate);
  writer.U32(action).Text(config);
  return std::move(writer).Take();
}

std::optional<Create> Create::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Create create;
  create.action = reader.U32();
  create.config = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return create;
}

std::string Created::Encode() const {
  FrameWriter writer(Kind::kCreated);
  writer.U32(action).U8(is_made).Text(error);
  return std::move(writer).Take();
}

std::optional<Created> Created::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Created created;
  created.action = reader.U32();
  created.is_made = reader.U8() != 0;
  created.error = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return created;
}

std::string EncodeStart(uint64_t attempt, uint32_t action, const orc_request& r) {
  FrameWriter writer(Kind::kStart);
  writer.U64(attempt).U32(action);
  for (const orc_text text : {r.input, r.run_id, r.workflow_id, r.step_id, r.step_name, r.idempotency_key}) writer.Text(View(text));
  writer.I32(r.try_number).I64(r.timeout_ms);
  return std::move(writer).Take();
}

std::optional<Start> Start::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Start start;
  start.attempt = reader.U64();
  start.action = reader.U32();
  orc_request& r = start.request;
  r.struct_size = sizeof r;
  for (orc_text* text : {&r.input, &r.run_id, &r.workflow_id, &r.step_id, &r.step_name, &r.idempotency_key}) *text = Text(reader.Text());
  r.try_number = reader.I32();
  r.timeout_ms = reader.I64();
  if (!reader.IsWhole()) return std::nullopt;
  return start;
}

std::string EncodeComplete(uint64_t attempt, const orc_result& r) {
  FrameWriter writer(Kind::kComplete);
  writer.U64(attempt).I32(r.outcome).I32(r.http_code).I64(r.retry_after_ms);
  for (const orc_text text : {r.output, r.error_code, r.error_message, r.error_detail, r.response_headers}) writer.Text(View(text));
  return std::move(writer).Take();
}

std::optional<Complete> Complete::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Complete complete;
  complete.attempt = reader.U64();
  orc_result& r = complete.result;
  r.struct_size = sizeof r;
  r.outcome = reader.I32();
  r.http_code = reader.I32();
  r.retry_after_ms = reader.I64();
  for (orc_text* text : {&r.output, &r.error_code, &r.error_message, &r.error_detail, &r.response_headers}) *text = Text(reader.Text());
  if (!reader.IsWhole()) return std::nullopt;
  return complete;
}

std::string EncodeLine(Kind kind, uint64_t attempt, double number, std::string_view text) {
  FrameWriter writer(kind);
  writer.U64(attempt).F64(number).Text(text);
  return std::move(writer).Take();
}

std::optional<Line> Line::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Line line;
  line.attempt = reader.U64();
  line.number = reader.F64();
  line.text = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return line;
}

std::string EncodeNumber(Kind kind, uint64_t number) {
  FrameWriter writer(kind);
  writer.U64(number);
  return std::move(writer).Take();
}

std::optional<uint64_t> DecodeNumber(std::string_view payload) {
  FrameReader reader(payload);
  const uint64_t number = reader.U64();
  if (!reader.IsWhole()) return std::nullopt;
  return number;
}

std::string EncodeHealth(Kind kind, uint64_t question, int32_t code, std::string_view report) {
  FrameWriter writer(kind);
  writer.U64(question).I32(code).Text(report);
  return std::move(writer).Take();
}

std::optional<Health> Health::Decode(std::string_view payload) {
  FrameReader reader(payload);
  Health health;
  health.question = reader.U64();
  health.code = reader.I32();
  health.report = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return health;
}

}  // namespace orc::wire
