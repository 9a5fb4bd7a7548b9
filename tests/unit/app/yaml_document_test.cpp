#include "app/yaml_document.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

std::optional<std::string> NoVariables(const std::string&) { return std::nullopt; }

YamlDocument Read(const std::string& text) { return ReadYaml(text, NoVariables); }

std::string AsJson(const std::string& text) {
  const YamlDocument document = Read(text);
  return document.faults.empty() ? PrintJson(document.value) : "fault: " + document.faults[0].message;
}

SourceFault FirstFault(const std::string& text) {
  const YamlDocument document = Read(text);
  return document.faults.empty() ? SourceFault{{0, 0}, "none"} : document.faults[0];
}

TEST(YamlDocument, PlainScalarsByTheCoreSchema) {
  EXPECT_EQ(AsJson("[1, -2, +3, 0x1f, 0o17, 1.5, 1e3, true, False, null, ~, yes, 1.2.3, 5s, -, '7', \"true\", !!str 9]"),
            R"([1,-2,3,31,15,1.5,1000.0,true,false,null,null,"yes","1.2.3","5s","-","7","true","9"])");
}

TEST(YamlDocument, PlacesOfKeysAndValues) {
  const YamlDocument document = Read("a:\n  b: 1\n  c:\n    - x\n");
  EXPECT_EQ(document.PlaceOf("/a/b").line, 2);
  EXPECT_EQ(document.PlaceOf("/a/b").column, 3);
  EXPECT_EQ(document.values.at("/a/b").column, 6);
  EXPECT_EQ(document.PlaceOf("/a/c/0").line, 4);
  EXPECT_EQ(document.PlaceOf("/a/b/deeper/than/known").line, 2);
}

TEST(YamlDocument, DuplicateKeys) {
  const SourceFault fault = FirstFault("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(fault.position.line, 3);
  EXPECT_NE(fault.message.find("twice"), std::string::npos);
}

TEST(YamlDocument, UnterminatedQuotes) {
  EXPECT_NE(FirstFault("a: 1\nb: \"open\n").message, "none");
  EXPECT_NE(FirstFault("b: 'it''s open\n").message, "none");
  EXPECT_EQ(FirstFault("b: 'it''s closed'\nc: \"a \\\" b\"\n").message, "none");
  EXPECT_EQ(FirstFault("\xC3\xA4: 'x'\nb: \"y\"\n").message, "none");
}

TEST(YamlDocument, BrokenText) {
  EXPECT_NE(FirstFault("a: [1, 2\nb: }\n").message, "none");
  EXPECT_NE(FirstFault("a: b: c\n").message, "none");
  EXPECT_NE(FirstFault("a: *nobody\n").message, "none");
  EXPECT_NE(FirstFault("a: 1\n---\nb: 2\n").message, "none");
  EXPECT_NE(FirstFault("? [1, 2]\n: x\n").message, "none");
  EXPECT_NE(FirstFault("a: !bang x\n").message, "none");
  EXPECT_NE(FirstFault("a: 99999999999999999999\n").message, "none");
}

TEST(YamlDocument, AliasBombsAreCut) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb.append(j == 0 ? "" : ", ").append(before);
    bomb += "]\n";
  }
  EXPECT_NE(FirstFault(bomb).message.find("more than"), std::string::npos);
}

TEST(YamlDocument, DeepNestingIsCut) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[";
  for (int i = 0; i < 100; ++i) deep += "]";
  EXPECT_NE(FirstFault(deep).message.find("deeper"), std::string::npos);
  EXPECT_NE(FirstFault(std::string(100'000, '[')).message, "none");
}

TEST(YamlDocument, VariablesNeverBecomeStructure) {
  const YamlDocument document = ReadYaml("a: ${X}\n", [](const std::string&) { return std::optional<std::string>("1\nb: {evil: true}"); });
  EXPECT_EQ(PrintJson(document.value), R"({"a":"1\nb: {evil: true}"})");
}

TEST(Substitute, Forms) {
  const Environment environment = [](const std::string& name) { return name == "A" ? std::optional<std::string>("x") : std::nullopt; };
  EXPECT_EQ(*Substitute("<${A}|${B:-y}|${B:-}|$${A}|$A|$>", environment), "<x|y||${A}|$A|$>");
  EXPECT_FALSE(Substitute("${B}", environment).ok());
  EXPECT_FALSE(Substitute("${A", environment).ok());
  EXPECT_FALSE(Substitute("${1A}", environment).ok());
  EXPECT_FALSE(Substitute("${}", environment).ok());
}

}  // namespace
}  // namespace orc
