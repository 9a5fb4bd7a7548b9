#include <gtest/gtest.h>

#include "web_search/search_query.h"
#include "web_search/search_results.h"

namespace orc::search {
namespace {

JsonObject Input(std::string_view text) { return ParseJson(text).value().get_object(); }

TEST(AddSearch, EncodesEveryParameter) {
  const auto url =
      AddSearch("http://s/search", Input(R"({"query":"a&b=ü c","language":"de-DE","categories":["general","it"],"page":2,"safesearch":1,
    "time_range":"week","engines":"x,y","unknown":"z"})"));
  EXPECT_EQ(
      url.value(),
      "http://s/"
      "search?q=a%26b%3D%C3%BC%20c&format=json&language=de-DE&categories=general%2Cit&engines=x%2Cy&pageno=2&time_range=week&safesearch=1");
}

TEST(AddSearch, LeavesWhatTheUrlNames) {
  EXPECT_EQ(AddSearch("http://s/?q=own&format=json&language=fr", Input(R"({"query":"x","language":"de"})")).value(),
            "http://s/?q=own&format=json&language=fr");
}

TEST(AddSearch, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(AddSearch("http://s/", Input(R"({"query":"x","language":true})")).error().message.find("input.language"), 0u);
  EXPECT_FALSE(AddSearch("http://s/", Input(R"({"query":"x","categories":[1]})")).ok());
}

TEST(ReadResults, MakesResultsEven) {
  const auto output = ReadResults(R"({"query":"q","number_of_results":12,"results":[
      {"title":"T","url":"http://a/","content":"C","engine":"e","score":1.5,"parsed_url":["http"],"publishedDate":null},
      {"url":"http://b/","title":null}, 7, null, {"title":"third"}],"suggestions":["s"],"unresponsive_engines":[["bing","timeout"],["x"],3]})",
                                  "application/json", "q", 2);
  const Json expected = ParseJson(R"({"query":"q","count":2,"total":12,"results":[
      {"title":"T","url":"http://a/","content":"C","engine":"e","score":1.5},{"title":"","url":"http://b/","content":"","engine":""}],
      "answers":[],"suggestions":["s"],"corrections":[],"infoboxes":[],"unresponsive_engines":[["bing","timeout"],["x"],3]})")
                            .value();
  EXPECT_TRUE(JsonEquals(output.value(), expected)) << PrintJson(output.value());
  EXPECT_EQ(UnresponsiveEngines(output.value()), "bing (timeout), x");
}

TEST(ReadResults, TakesAnEmptyAnswer) {
  EXPECT_EQ(PrintJson(ReadResults(R"({"results":[]})", "", "the query", 9).value().at("query")), "\"the query\"");
}

TEST(ReadResults, SaysHowToGetJson) {
  const auto html = ReadResults("<html></html>", "text/html", "q", 9);
  EXPECT_NE(html.error().message.find("search.formats"), std::string::npos);
  EXPECT_NE(html.error().message.find("text/html"), std::string::npos);
  EXPECT_FALSE(ReadResults("{}", "", "q", 9).ok());
  EXPECT_FALSE(ReadResults("[]", "", "q", 9).ok());
  EXPECT_FALSE(ReadResults(R"({"results":{}})", "", "q", 9).ok());
}

TEST(LimitOf, IsAllWithoutOne) {
  EXPECT_EQ(LimitOf(Input("{}")), 1000u);
  EXPECT_EQ(LimitOf(Input(R"({"limit":3})")), 3u);
}

}  // namespace
}  // namespace orc::search
