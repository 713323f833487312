// ap_axi_sdata.h: the part of the vendor's AXI4-Stream beat that the top uses, for C simulation where the vendor's tool
// is absent. A signal of width 0 does not exist, as in the vendor's.

#ifndef ACCELSIM_AP_AXI_SDATA_H
#define ACCELSIM_AP_AXI_SDATA_H

#include <cstddef>

#include "ap_int.h"

namespace hls {

struct axis_disabled_signal {};

template <std::size_t Width>
struct axis_signal { typedef ap_uint<static_cast<int>(Width)> type; };
template <>
struct axis_signal<0> { typedef axis_disabled_signal type; };

template <typename T, std::size_t WUser = 0, std::size_t WId = 0, std::size_t WDest = 0>
struct axis {
  static const int Bytes = (T::width + 7) / 8;

  T data;
  ap_uint<Bytes> keep;
  ap_uint<Bytes> strb;
  typename axis_signal<WUser>::type user;
  ap_uint<1> last;
  typename axis_signal<WId>::type id;
  typename axis_signal<WDest>::type dest;
};

}  // namespace hls

template <std::size_t WData, std::size_t WUser, std::size_t WId, std::size_t WDest>
using ap_axiu = hls::axis<ap_uint<static_cast<int>(WData)>, WUser, WId, WDest>;

#endif
