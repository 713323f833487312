// The register of osu018 for the simulation of netlists. The library's own begins as X, which a gate passes on where its value does
// not matter: a register that is cleared through and-or gates may stay X for ever. This one begins as 0 or 1 at random, and with
// +inverted as the other, so that nothing may depend on how the registers wake.
module DFFPOSX1 (
  input      CLK,
  input      D,
  output reg Q
);
  initial Q = $random ^ $test$plusargs("inverted");
  always @(posedge CLK) Q <= D;
endmodule
