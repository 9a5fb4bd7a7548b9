#include "api/sse_format.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

std::string Event(std::string_view data) {
  std::string out;
  AppendSseEvent(out, 7, data);
  return out;
}

TEST(SseFormat, GivesEveryLineItsOwnData) {
  EXPECT_EQ(Event("plain"), "id: 7\ndata: plain\n\n");
  EXPECT_EQ(Event(""), "id: 7\ndata: \n\n");
  EXPECT_EQ(Event("a\nb"), "id: 7\ndata: a\ndata: b\n\n");
  EXPECT_EQ(Event("a\r\nb\rc\n\nd\n"), "id: 7\ndata: a\ndata: b\ndata: c\ndata: \ndata: d\ndata: \n\n");
}

TEST(SseFormat, TextCannotPoseAsAField) { EXPECT_EQ(Event("x\n\nevent: end"), "id: 7\ndata: x\ndata: \ndata: event: end\n\n"); }

}  // namespace
}  // namespace orc
