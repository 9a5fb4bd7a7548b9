// Values of secrets in every form in which they may come back.
#include "secrets/redactor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace orc {
namespace {

const std::string kValue = "s3cr3t/+\"v\\al ü";

const Redactor& OfOne() {
  static const Redactor redactor({{"TOKEN", kValue}, {"pin", "1234"}, {"number", "4711471147"}});
  return redactor;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out += k <= bytes.size() - i ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::string Percent(std::string_view text, bool all, const char* digits) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!all && std::isalnum(byte) != 0) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

TEST(Redactor, TakesOutTheValueAsItIs) {
  EXPECT_EQ(OfOne().InText("a " + kValue + " b"), "a [secret TOKEN] b");
  EXPECT_EQ(OfOne().InText(kValue + kValue), "[secret TOKEN][secret TOKEN]");
  EXPECT_EQ(OfOne().InText("nothing in here"), "nothing in here");
  EXPECT_EQ(OfOne().InText(""), "");
}

TEST(Redactor, LeavesShortValues) { EXPECT_EQ(OfOne().InText("pin 1234"), "pin 1234"); }

TEST(Redactor, FindsBase64WhereverTheValueBegins) {
  for (const std::string before : {"", "u", "us", "use", "user:"}) {
    for (const std::string behind : {"", "x", "xy", "xyz", "\n"}) {
      const std::string encoded = Base64(before + kValue + behind);
      const std::string shown = OfOne().InText("Basic " + encoded + ";");
      EXPECT_NE(shown.find("[secret TOKEN]"), std::string::npos) << encoded;
      // What is left of the encoded text holds no bit of the value.
      EXPECT_LE(shown.size(), std::string("Basic [secret TOKEN]==;").size() + (before.size() + 2) / 3 * 4 + (behind.size() + 2) / 3 * 4)
          << shown;
    }
  }
  std::string for_urls = Base64(">>>???" + kValue);
  for (char& c : for_urls) c = c == '+' ? '-' : c == '/' ? '_' : c;
  EXPECT_NE(OfOne().InText(for_urls).find("[secret TOKEN]"), std::string::npos) << for_urls;
}

TEST(Redactor, UndoesPercentEncoding) {
  EXPECT_EQ(OfOne().InText("?q=" + Percent(kValue, false, "0123456789ABCDEF") + "&x=%20"), "?q=[secret TOKEN]&x=%20");
  EXPECT_EQ(OfOne().InText(Percent(kValue, true, "0123456789abcdef")), "[secret TOKEN]");
  EXPECT_EQ(OfOne().InText("?q=" + Percent(Percent(kValue, false, "0123456789ABCDEF"), false, "0123456789ABCDEF")), "?q=[secret TOKEN]");
  std::string form = Percent(kValue, false, "0123456789ABCDEF");
  form.replace(form.find("%20"), 3, "+");
  EXPECT_EQ(OfOne().InText("a=" + form + "&b=1"), "a=[secret TOKEN]&b=1");
  EXPECT_EQ(OfOne().InText("100 % of %zz and %"), "100 % of %zz and %");
  EXPECT_EQ(OfOne().InText("p=" + Percent(Base64(kValue), false, "0123456789ABCDEF")).substr(0, 16), "p=[secret TOKEN]");
}

TEST(Redactor, UndoesJsonsEscapes) {
  std::string escaped;
  AppendJsonString(escaped, kValue);
  EXPECT_EQ(OfOne().InText(escaped), "\"[secret TOKEN]\"");
  EXPECT_EQ(OfOne().InText(R"(s3cr3t\/+\u0022v\\al \u00fC!)"), "[secret TOKEN]!");
  EXPECT_EQ(OfOne().InText(R"(\u0073\u0033cr3t\/+\"v\\al \u00fc)"), "[secret TOKEN]");
  EXPECT_EQ(OfOne().InText("a \\ b \\u12 \\q"), "a \\ b \\u12 \\q");
}

TEST(Redactor, FindsHexadecimal) {
  std::string text = Percent(kValue, true, "0123456789abcdef");
  std::erase(text, '%');
  EXPECT_EQ(OfOne().InText("0x" + text), "0x[secret TOKEN]");
}

TEST(Redactor, LeavesJsonJson) {
  const auto shown = [](const std::string& document) {
    const std::string out = OfOne().InJson(document);
    EXPECT_TRUE(CheckJson(out).ok()) << out;
    return out;
  };
  const std::string whole = R"({"a": [1, 2.50], "b":"x\ny"})";
  EXPECT_EQ(shown(whole), whole);  // not touched, not even its spaces
  EXPECT_EQ(shown(R"({"a":"s3cr3t/+\"v\\al ü","n":1.0})"), R"({"a":"[secret TOKEN]","n":1.0})");
  EXPECT_EQ(shown(R"({"a":"s3cr3t\/+\u0022v\\al \u00fc"})"), R"({"a":"[secret TOKEN]"})");
  EXPECT_EQ(shown(R"({"s3cr3t/+\"v\\al ü":{"deep":["s3cr3t/+\"v\\al ü"]}})"), R"({"[secret TOKEN]":{"deep":["[secret TOKEN]"]}})");
  EXPECT_EQ(shown(R"([4711471147, -47114711470, 4711, true])"), R"(["[secret number]","-[secret number]0",4711,true])");
  EXPECT_EQ(shown(R"("s3cr3t/+\"v\\al ü")"), R"("[secret TOKEN]")");
  // JSON in a text, and that in a text again.
  EXPECT_EQ(shown(R"({"body":"{\"a\":\"s3cr3t\\/+\\\"v\\\\al \\u00fc\"}"})"), R"({"body":"{\"a\":\"[secret TOKEN]\"}"})");
  EXPECT_EQ(shown(R"({"url":"http:\/\/h\/?q=s3cr3t%2F%2B%22v%5Cal+%C3%BC"})"), R"({"url":"http://h/?q=[secret TOKEN]"})");
  // One that is spelt of the document's own signs is in no string.
  const Redactor signs(std::vector<Redactor::Secret>{{"odd", R"(","b":"y)"}});
  EXPECT_EQ(signs.InJson(R"({"a":"x","b":"y"})"), R"({"a":"x","b":"y"})");
}

TEST(Redactor, FindsWhatWasCutOff) {
  const std::string value = "abcdefghijklmnopqrstuvwxyz";
  const Redactor redactor(std::vector<Redactor::Secret>{{"K", value}});
  EXPECT_EQ(redactor.InCutText("answered 401: bad token abcdefghijkl..."), "answered 401: bad token [secret K]...");
  EXPECT_EQ(redactor.InCutText("token abcdefgh…"), "token [secret K]…");
  EXPECT_EQ(redactor.InCutText("token abcdefg..."), "token abcdefg...");  // 7 bytes: by chance
  EXPECT_EQ(redactor.InCutText("rstuvwxyz is the rest"), "[secret K] is the rest");
  EXPECT_EQ(redactor.InText("token abcdefghijkl..."), "token abcdefghijkl...");
  EXPECT_EQ(redactor.InCutText(value), "[secret K]");
}

TEST(Redactor, FindsAPieceOfAValueThatIsAWholeLine) {
  std::string value;
  for (int i = 0; i < 200; ++i) value += std::to_string(i * 7919 % 1000);
  const Redactor redactor(std::vector<Redactor::Secret>{{"K", value}});
  EXPECT_EQ(redactor.InCutText(value.substr(100, 200)), "[secret K]");
  EXPECT_EQ(redactor.InCutText("x" + value.substr(100, 200)), "x" + value.substr(100, 200));
}

TEST(Redactor, FindsTheLinesOfAKey) {
  const std::string key =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\r\nEFAASCBKcwggSjAgEAAoIBAQ\nshort\n-----END PRIVATE KEY-----";
  const Redactor redactor(std::vector<Redactor::Secret>{{"key", key}});
  EXPECT_EQ(redactor.InText("  MIIEvQIBADANBgkqhkiG9w0BAQ\n  EFAASCBKcwggSjAgEAAoIBAQ\n  short"),
            "  [secret key]\n  [secret key]\n  short");
  EXPECT_EQ(redactor.InText("-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----");
  EXPECT_EQ(redactor.InText("<" + key + ">"), "<[secret key]>");
}

TEST(Redactor, FindsOtherLetters) {
  const Redactor redactor(std::vector<Redactor::Secret>{{"host", "Internal-Host-Name"}});
  EXPECT_EQ(redactor.InText("can't resolve internal-host-name; INTERNAL-HOST-NAME"), "can't resolve [secret host]; [secret host]");
}

TEST(Redactor, WhatOverlapsGoesAsOne) {
  const Redactor redactor({{"a", "0123456789"}, {"b", "56789abcdef"}, {"c", "3456789a"}});
  EXPECT_EQ(redactor.InText("<0123456789abcdef>"), "<[secret a]>");
  EXPECT_EQ(redactor.InText("<0123456789><56789abcdef>"), "<[secret a]><[secret b]>");
}

// The quick search finds exactly what a slow one finds.
TEST(PatternSearch, FindsWhatIsThere) {
  std::mt19937 random(7);
  const auto letters = [&](size_t size, int kinds) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + random() % static_cast<unsigned>(kinds));
    return text;
  };
  size_t total = 0;
  for (int round = 0; round < 300; ++round) {
    const int kinds = 2 + round % 3;
    std::vector<std::string> patterns;
    for (int i = 0; i <= round % 7; ++i) patterns.push_back(letters(8 + random() % 6, kinds));
    const std::string text = letters(random() % 2000, kinds);
    std::vector<std::pair<size_t, size_t>> expected, found;
    for (size_t at = 0; at < text.size(); ++at) {
      for (size_t i = 0; i < patterns.size(); ++i) {
        if (text.compare(at, patterns[i].size(), patterns[i]) == 0) expected.emplace_back(at, i);
      }
    }
    PatternSearch(patterns).ForEach(text, [&](size_t pattern, size_t begin) {
      found.emplace_back(begin, pattern);
      return true;
    });
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected);
    total += found.size();
  }
  EXPECT_GT(total, 100u);
}

}  // namespace
}  // namespace orc
