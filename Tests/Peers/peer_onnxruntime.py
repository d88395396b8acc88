"""The network alone in onnxruntime: as many batched ensemble predictions as a tick has."""

import serve  # first: it sets the number of threads

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


def network(widths):
    """The ensemble as batched matrix products; SiLU is x times its sigmoid."""
    random = np.random.default_rng(0)
    nodes, constants, value = [], [], "input"
    for i, (rows, columns) in enumerate(zip(widths, widths[1:])):
        weight = random.normal(size=(serve.MEMBERS, rows, columns)) / (2 * rows**0.5)
        bias = np.zeros((serve.MEMBERS, 1, columns))
        constants.append(numpy_helper.from_array(weight.astype(np.float32), f"weight{i}"))
        constants.append(numpy_helper.from_array(bias.astype(np.float32), f"bias{i}"))
        nodes.append(helper.make_node("MatMul", [value, f"weight{i}"], [f"product{i}"]))
        nodes.append(helper.make_node("Add", [f"product{i}", f"bias{i}"], [f"sum{i}"]))
        value = f"sum{i}"
        if i < len(widths) - 2:
            nodes.append(helper.make_node("Sigmoid", [value], [f"sigmoid{i}"]))
            nodes.append(helper.make_node("Mul", [value, f"sigmoid{i}"], [f"active{i}"]))
            value = f"active{i}"

    def batch(name, width):
        shape = [serve.MEMBERS, serve.CANDIDATES, width]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes, "ensemble", [batch("input", widths[0])], [batch(value, widths[-1])], constants
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8), value


def predictions(work):
    model, output = network(serve.layer_widths(work))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    shape = (serve.MEMBERS, serve.CANDIDATES, 6)
    batch = {"input": np.random.default_rng(1).normal(size=shape).astype(np.float32)}

    def tick():
        for _ in range(serve.ITERATIONS * serve.HORIZON):
            session.run([output], batch)

    return tick, f"onnxruntime {onnxruntime.__version__}, network only: no sampling, noise or cost"


if __name__ == "__main__":
    serve.serve({name: lambda name=name: predictions(name) for name in ("cem-2x64", "cem-3x200")})
