// The one translation unit that sees Beast.
#include "api/beast_head.h"

#include <boost/beast/http/basic_parser.hpp>

namespace orc {
namespace {

namespace http = boost::beast::http;
using Failure = boost::beast::error_code;
using Text = boost::beast::string_view;

class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(Request& request) : request_(request) {}

 private:
  Request::Field Place(Text name, Text value) const {
    const char* begin = request_.head.data();
    return {static_cast<uint32_t>(name.data() - begin), static_cast<uint32_t>(name.size()), static_cast<uint32_t>(value.data() - begin),
            static_cast<uint32_t>(value.size())};
  }
  void on_request_impl(http::verb, Text method, Text target, int, Failure&) override {
    request_.line = Place(method, target);
    request_.method = ParseMethod({method.data(), method.size()});
  }
  void on_response_impl(int, Text, int, Failure&) override {}
  void on_field_impl(http::field, Text name, Text value, Failure&) override {
    request_.fields.push_back(value.empty() ? Place(name, name.substr(name.size())) : Place(name, value));
  }
  void on_header_impl(Failure&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, Failure&) override {}
  size_t on_body_impl(Text body, Failure&) override { return body.size(); }
  void on_chunk_header_impl(uint64_t, Text, Failure&) override {}
  size_t on_chunk_body_impl(uint64_t, Text body, Failure&) override { return body.size(); }
  void on_finish_impl(Failure&) override {}

  Request& request_;
};

}  // namespace

std::string ParseHead(Request& request) {
  HeadParser parser(request);
  parser.header_limit(static_cast<uint32_t>(request.head.size() + 1));
  parser.body_limit(boost::none);  // the gate has judged the length
  Failure failure;
  const size_t taken = parser.put(boost::asio::const_buffer(request.head.data(), request.head.size()), failure);
  if (failure) return failure.message();
  if (taken != request.head.size() || !parser.is_header_done()) return "it ends elsewhere than it seems to";
  request.keep_alive = parser.keep_alive();
  return {};
}

}  // namespace orc
