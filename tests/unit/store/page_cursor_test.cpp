#include "store/page_cursor.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(PageCursor, GoesThereAndBack) {
  for (const PagePosition& position : {PagePosition{}, PagePosition{INT64_MAX, "run_1", 3, -1}, PagePosition{INT64_MIN, "a|b é", 0, 7}}) {
    std::string cursor = EncodeCursor('r', position);
    EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), std::string::npos) << cursor;
    Result<PagePosition> back = DecodeCursor('r', cursor);
    ASSERT_TRUE(back.ok()) << cursor;
    EXPECT_EQ(back->number, position.number);
    EXPECT_EQ(back->id, position.id);
    EXPECT_EQ(back->step, position.step);
    EXPECT_EQ(back->item, position.item);
  }
}

TEST(PageCursor, AnythingElseIsUnreadable) {
  std::string good = EncodeCursor('r', {5, "run_1", -1, -1});
  std::string other_ending = good;
  other_ending.back() = other_ending.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad : {std::string("x"), std::string("!"), good + "=", good + " ", good.substr(1), std::string(100'000, 'A'),
                                 EncodeCursor('w', {5, "run_1", -1, -1}), std::string("cnw1fC0x"), std::string("\0", 1)}) {
    Result<PagePosition> refused = DecodeCursor('r', bad);
    ASSERT_FALSE(refused.ok()) << bad.substr(0, 100);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnreadable);
    EXPECT_NE(refused.error().message.find("cursor"), std::string::npos);
  }
  // A changed last digit is another position or none, but never the same one.
  Result<PagePosition> changed = DecodeCursor('r', other_ending);
  EXPECT_TRUE(!changed.ok() || changed->id != "run_1");
}

}  // namespace
}  // namespace orc
