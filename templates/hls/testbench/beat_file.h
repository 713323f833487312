// beat_file: beats in hexadecimal, one a line, the first code in the lowest digits; what the Verilog's testbench reads.

#ifndef ACCELSIM_BEAT_FILE_H
#define ACCELSIM_BEAT_FILE_H

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

class beat_file {
 public:
  // Ends the program where the file is missing or a line is no beat of so many codes.
  beat_file(const std::string& name, int lanes) : lanes_(lanes) {
    std::ifstream file(name.c_str());
    if (!file) {
      refuse(name + " is missing");
    }
    std::string line;
    for (long number = 1; std::getline(file, line); number++) {
      if (line.size() != 2u * static_cast<unsigned>(lanes) ||
          line.find_first_not_of("0123456789abcdef") != std::string::npos) {
        refuse(name + " line " + std::to_string(number) + " is no beat of " + std::to_string(lanes) + " codes");
      }
      for (int l = 0; l < lanes; l++) {
        codes_.push_back(static_cast<signed char>(std::stoi(line.substr(line.size() - 2 * (l + 1), 2), nullptr, 16)));
      }
    }
  }

  long beats() const { return static_cast<long>(codes_.size()) / lanes_; }

  int code(long beat, int lane) const { return codes_[beat * lanes_ + lane]; }

 private:
  static void refuse(const std::string& reason) {
    std::cout << "FAIL " << reason << std::endl;
    std::exit(1);
  }

  int lanes_;
  std::vector<signed char> codes_;
};

// Prints the verdict and gives the program's exit code: 0 for PASS.
inline int finish(const std::string& verdict) {
  std::cout << verdict << std::endl;
  return verdict == "PASS" ? 0 : 1;
}

#endif
