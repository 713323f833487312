// TURN(C, unit) begins the body of every pipelined loop. Synthesis sees nothing of it. C simulation counts the turns of
// the loop, each a clock cycle at II = 1, so that tb/turns_tb.cpp can hold the schedule to the cycle model.

#ifndef ACCELSIM_TURNS_H
#define ACCELSIM_TURNS_H

#ifdef __SYNTHESIS__
#define TURN(C, unit)
#else

#include <map>
#include <string>
#include <utility>

// Turns by stage and unit since they were last forgotten.
inline std::map<std::pair<int, std::string>, long>& turn_counts() {
  static std::map<std::pair<int, std::string>, long> counts;
  return counts;
}

inline void forget_turns() {
  for (auto& count : turn_counts()) {
    count.second = 0;
  }
}

#define TURN(C, unit)                                                            \
  do {                                                                           \
    static long& turns = turn_counts()[std::make_pair(int(C::Stage), std::string(#unit))]; \
    turns++;                                                                     \
  } while (false)

#endif

#endif
