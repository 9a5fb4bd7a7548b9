#include "app/run_main.h"

int main(int argc, char** argv) { return orc::RunMain(argc, argv); }
