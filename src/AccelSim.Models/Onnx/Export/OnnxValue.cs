using AccelSim.Graph;
using DataType = AccelSim.Models.Onnx.Schema.TensorProto.Types.DataType;

namespace AccelSim.Models.Onnx.Export;

/// <summary>A value of the ONNX graph in the making: an input, an initializer or what a node produces.</summary>
internal sealed record OnnxValue(string Name, DataType Element, Shape Shape);
