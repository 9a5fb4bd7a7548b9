#include "charset.h"

#include <iconv.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "base/json.h"

namespace orc::extract {
namespace {

constexpr size_t kSniffed = 4096;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// What pages call a charset, and what iconv calls what they mean. Only these are ever opened.
struct Name {
  std::string_view label;
  const char* iconv_name;
};
constexpr Name kNames[] = {
    {"utf-8", "UTF-8"},
    {"utf8", "UTF-8"},
    {"utf-16", "UTF-16LE"},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"us-ascii", "CP1252"},
    {"ascii", "CP1252"},
    {"iso-8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"windows-874", "CP874"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"ibm866", "IBM866"},
    {"gbk", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"euc-jp", "EUC-JP"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
};

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// The name after "charset=", wherever it stands in `text` (lower case); "" when it is none that is known.
std::string_view KnownCharset(const std::string& text) {
  for (size_t at = text.find("charset"); at != std::string::npos; at = text.find("charset", at + 7)) {
    size_t begin = text.find_first_not_of(" \t\r\n", at + 7);
    if (begin == std::string::npos || text[begin] != '=') continue;
    begin = text.find_first_not_of(" \t\r\n\"'", begin + 1);
    if (begin == std::string::npos) continue;
    const size_t end = std::min(text.find_first_of(" \t\r\n\"';>/", begin), text.size());
    const std::string_view label = std::string_view(text).substr(begin, end - begin);
    for (const Name& name : kNames) {
      if (name.label == label) return name.iconv_name;
    }
  }
  return {};
}

/// The charset of `<meta charset=…>` or `<meta http-equiv … content="…; charset=…">`. A page whose meta element can be read is not UTF-16,
/// whatever it says.
std::string_view MetaCharset(std::string_view bytes) {
  const std::string head = Lower(bytes.substr(0, kSniffed));
  for (size_t at = head.find("<meta"); at != std::string::npos; at = head.find("<meta", at + 5)) {
    const auto name = KnownCharset(head.substr(at, head.find('>', at) - at));
    if (!name.empty()) return name.starts_with("UTF-16") ? "UTF-8" : name;
  }
  return {};
}

std::string_view ByteOrderMark(std::string_view& bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return bytes.remove_prefix(3), "UTF-8";
  if (bytes.starts_with("\xFF\xFE")) return bytes.remove_prefix(2), "UTF-16LE";
  if (bytes.starts_with("\xFE\xFF")) return bytes.remove_prefix(2), "UTF-16BE";
  return {};
}

std::string Convert(std::string_view bytes, const char* charset) {
  const iconv_t converter = iconv_open("UTF-8", charset);
  if (converter == reinterpret_cast<iconv_t>(-1)) return ToStorableText(bytes);  // NOLINT(performance-no-int-to-ptr): as POSIX has it
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  char* in = const_cast<char*>(bytes.data());
  size_t left = bytes.size();
  while (left > 0) {
    char buffer[16384];
    char* to = buffer;
    size_t room = sizeof buffer;
    const size_t converted = iconv(converter, &in, &left, &to, &room);
    const int error = errno;
    out.append(buffer, sizeof buffer - room);
    if (converted != static_cast<size_t>(-1) || error == E2BIG) continue;
    out.append(kReplacement);
    if (error != EILSEQ) break;  // cut within a character at the end
    ++in;
    --left;
  }
  iconv_close(converter);
  return ToStorableText(out);
}

}  // namespace

std::string MediaType(std::string_view content_type) {
  std::string type = Lower(content_type.substr(0, content_type.find(';')));
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  type.erase(std::remove_if(type.begin(), type.end(), is_space), type.end());
  return type;
}

std::string DecodePage(std::string_view bytes, std::string_view content_type, bool is_html) {
  std::string_view charset = ByteOrderMark(bytes);
  if (charset.empty()) charset = KnownCharset(Lower(content_type.substr(0, kSniffed)));
  if (charset.empty() && is_html) charset = MetaCharset(bytes);
  if (charset.empty()) charset = IsUtf8(bytes) ? "UTF-8" : "CP1252";
  if (charset == "UTF-8") return ToStorableText(bytes);
  return Convert(bytes, charset.data());  // all are literals: terminated
}

}  // namespace orc::extract
