# cmake -DINPUT=a.json -DOUTPUT=a.json.inc -P OrchestratorEmbed.cmake: the file as a C++ string literal.
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "R\"orc_text(${text})orc_text\"\n")
