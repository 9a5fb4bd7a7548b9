// One jq program over one document.
#pragma once

#include <string>
#include <string_view>

struct ProgramResult {
  bool ok = false;
  std::string code;  // of a failure
  std::string text;  // JSON of the results, or the sentence
};

/// `document` is the action's whole input: {"program", "input", "all"}. Blocks; an endless program never comes back, which is why this
/// plugin runs in a process of its own.
ProgramResult RunProgram(std::string_view document);

/// Whether a program asks for files. jq allows these words only as keywords, as `.import` and as keys.
bool ReadsFiles(std::string_view program);
