// The ABI as bytes, beside its golden record; and the headers under every compiler and standard that they promise.
#include <gtest/gtest.h>
#include <orchestrator/abi.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace {

#define FIELD(type, name) out << "  " << offsetof(type, name) << " " << #name << "\n"

std::string DescribeTexts() {
  std::ostringstream out;
  out << "orc_text " << sizeof(orc_text) << "\n";
  FIELD(orc_text, data), FIELD(orc_text, size);
  out << "orc_sink " << sizeof(orc_sink) << "\n";
  FIELD(orc_sink, context), FIELD(orc_sink, write);
  out << "orc_request " << sizeof(orc_request) << "\n";
  FIELD(orc_request, struct_size), FIELD(orc_request, input), FIELD(orc_request, action), FIELD(orc_request, run_id);
  FIELD(orc_request, workflow_id), FIELD(orc_request, step_id), FIELD(orc_request, step_name), FIELD(orc_request, idempotency_key);
  FIELD(orc_request, try_number), FIELD(orc_request, reserved), FIELD(orc_request, timeout_ms);
  out << "orc_result " << sizeof(orc_result) << "\n";
  FIELD(orc_result, struct_size), FIELD(orc_result, outcome), FIELD(orc_result, http_code), FIELD(orc_result, retry_after_ms);
  FIELD(orc_result, output), FIELD(orc_result, error_code), FIELD(orc_result, error_message), FIELD(orc_result, error_detail);
  FIELD(orc_result, response_headers);
  return out.str();
}

std::string DescribeHttp() {
  std::ostringstream out;
  out << "orc_http_header " << sizeof(orc_http_header) << "\n";
  FIELD(orc_http_header, name), FIELD(orc_http_header, value);
  out << "orc_http_request " << sizeof(orc_http_request) << "\n";
  FIELD(orc_http_request, struct_size), FIELD(orc_http_request, method), FIELD(orc_http_request, url), FIELD(orc_http_request, headers);
  FIELD(orc_http_request, header_count), FIELD(orc_http_request, body), FIELD(orc_http_request, timeout_ms);
  FIELD(orc_http_request, connect_timeout_ms), FIELD(orc_http_request, max_response_bytes), FIELD(orc_http_request, max_redirects);
  FIELD(orc_http_request, flags), FIELD(orc_http_request, ca_file);
  out << "orc_http_response " << sizeof(orc_http_response) << "\n";
  FIELD(orc_http_response, struct_size), FIELD(orc_http_response, status), FIELD(orc_http_response, reserved);
  FIELD(orc_http_response, error_code), FIELD(orc_http_response, error_message), FIELD(orc_http_response, headers);
  FIELD(orc_http_response, header_count), FIELD(orc_http_response, body), FIELD(orc_http_response, elapsed_us);
  out << "orc_http_callbacks " << sizeof(orc_http_callbacks) << "\n";
  FIELD(orc_http_callbacks, struct_size), FIELD(orc_http_callbacks, context), FIELD(orc_http_callbacks, on_done);
  FIELD(orc_http_callbacks, on_chunk);
  return out.str();
}

std::string DescribeTables() {
  std::ostringstream out;
  out << "orc_host " << sizeof(orc_host) << "\n";
  FIELD(orc_host, struct_size), FIELD(orc_host, abi_major), FIELD(orc_host, abi_minor), FIELD(orc_host, context), FIELD(orc_host, log);
  FIELD(orc_host, append_run_log), FIELD(orc_host, progress), FIELD(orc_host, is_cancelled), FIELD(orc_host, now_us);
  FIELD(orc_host, complete), FIELD(orc_host, http_send);
  out << "orc_action " << sizeof(orc_action) << "\n";
  FIELD(orc_action, struct_size), FIELD(orc_action, flags), FIELD(orc_action, reserved), FIELD(orc_action, name);
  FIELD(orc_action, version), FIELD(orc_action, summary), FIELD(orc_action, config_schema), FIELD(orc_action, input_schema);
  FIELD(orc_action, output_schema), FIELD(orc_action, create), FIELD(orc_action, destroy), FIELD(orc_action, start);
  FIELD(orc_action, cancel), FIELD(orc_action, check_health);
  out << "orc_plugin " << sizeof(orc_plugin) << "\n";
  FIELD(orc_plugin, struct_size), FIELD(orc_plugin, abi_major), FIELD(orc_plugin, abi_minor), FIELD(orc_plugin, name);
  FIELD(orc_plugin, version), FIELD(orc_plugin, licence), FIELD(orc_plugin, summary), FIELD(orc_plugin, actions);
  FIELD(orc_plugin, action_count);
  return out.str();
}

std::string DescribeNumbers() {
  std::ostringstream out;
  out << "ORC_ABI_MAJOR " << ORC_ABI_MAJOR << "\nORC_ABI_MINOR " << ORC_ABI_MINOR << "\n";
  out << "orc_outcome " << ORC_SUCCEEDED << ORC_FAILED << ORC_FAILED_RETRYABLE << ORC_CANCELLED << "\n";
  out << "orc_level " << ORC_DEBUG << ORC_INFO << ORC_WARN << ORC_ERROR << "\n";
  out << "orc_http_flags " << ORC_HTTP_INSECURE_TLS << ORC_HTTP_SAFE_TO_RESEND << "\n";
  out << "orc_action_flags " << ORC_ACTION_IDEMPOTENT << ORC_ACTION_PURE << ORC_ACTION_BLOCKING << ORC_ACTION_ISOLATED << "\n";
  out << "entry " << ORC_ENTRY_NAME << "\n";
  return out.str();
}

TEST(AbiTest, SizesAndOffsetsAreTheRecordedOnes) {
  std::ifstream file(std::string(ORC_SOURCE_DIR) + "/sdk/abi/v1.txt");
  ASSERT_TRUE(file) << "sdk/abi/v1.txt is missing";
  std::string golden;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] != '#') golden += line + "\n";
  }
  EXPECT_EQ(DescribeNumbers() + DescribeTexts() + DescribeHttp() + DescribeTables(), golden)
      << "the ABI has changed: a struct may only grow at its end (then raise ORC_ABI_MINOR and record it), anything else is a new major";
}

struct Dialect {
  const char* name;
  const char* compiler;
  const char* flags;
  const char* header;
};

class HeaderTest : public ::testing::TestWithParam<Dialect> {};

TEST_P(HeaderTest, CompilesWithoutAWarning) {
  const Dialect& d = GetParam();
  const std::string compiler = d.compiler;
  if (std::system(("command -v " + compiler + " >/dev/null").c_str()) != 0) GTEST_SKIP() << compiler << " is not installed";
  const std::string command = "printf '#include <orchestrator/" + std::string(d.header) + ">\\nint unused_%d;\\n' 1 | " + compiler + " " +
                              d.flags + " -Wall -Wextra -Werror -pedantic -Wshadow -fsyntax-only -I" ORC_SOURCE_DIR "/sdk/include -";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

INSTANTIATE_TEST_SUITE_P(All, HeaderTest,
                         ::testing::Values(Dialect{"gcc_c11", "gcc", "-x c -std=c11", "abi.h"},
                                           Dialect{"clang_c11", "clang", "-x c -std=c11", "abi.h"},
                                           Dialect{"gcc_cpp11", "g++", "-x c++ -std=c++11", "abi.h"},
                                           Dialect{"clang_cpp11", "clang++", "-x c++ -std=c++11", "abi.h"},
                                           Dialect{"gcc_cpp17", "g++", "-x c++ -std=c++17", "action.hpp"},
                                           Dialect{"gcc_cpp20", "g++", "-x c++ -std=c++20", "action.hpp"},
                                           Dialect{"clang_cpp17", "clang++", "-x c++ -std=c++17", "action.hpp"},
                                           Dialect{"clang_cpp20", "clang++", "-x c++ -std=c++20", "action.hpp"},
                                           Dialect{"gcc_cpp14", "g++", "-x c++ -std=c++14", "abi.h"},
                                           Dialect{"clang_c17", "clang", "-x c -std=c17", "abi.h"},
                                           Dialect{"gcc_testing_cpp17", "g++", "-x c++ -std=c++17", "testing.hpp"},
                                           Dialect{"clang_testing_cpp20", "clang++", "-x c++ -std=c++20", "testing.hpp"},
                                           Dialect{"clang_libcpp_cpp17", "clang++", "-x c++ -std=c++17 -stdlib=libc++", "testing.hpp"},
                                           Dialect{"gcc_json_cpp17", "g++", "-x c++ -std=c++17", "json.hpp"},
                                           Dialect{"gcc_json_boost", "g++", "-x c++ -std=c++17", "json/boost.hpp"},
                                           Dialect{"gcc_json_poco", "g++", "-x c++ -std=c++17", "json/poco.hpp"},
                                           Dialect{"gcc_json_nlohmann", "g++", "-x c++ -std=c++17", "json/nlohmann.hpp"}),
                         [](const auto& dialect) { return std::string(dialect.param.name); });

}  // namespace
