"""A finished graph in ONNX Runtime."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from rag.nn.graphs.builder import GraphBuilder


def open_session(graph: GraphBuilder, n_threads: int = 0, *, convolves: bool = False) -> InferenceSession:
    """Loads the graph for the processor, in float32. Its `run` may be called from several threads.

    Args:
        graph: complete.
        n_threads: that one call may use; 0: `default_threads`.
        convolves: most of it is convolutions, which are several times as fast in the blocked layout that ONNX Runtime
            brings them into.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads or default_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The operators are fused as they are written: looking for more takes longer than loading.
    levels = ort.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if convolves else levels.ORT_DISABLE_ALL
    # Idle threads sleep; those that spin for the next call take the cores from whoever reads files meanwhile.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(graph.weights.path.parent)
    )
    model = graph.model(graph.weights.path.parent.name)
    if graph.converted:
        values = [ort.OrtValue.ortvalue_from_numpy(array) for array in graph.converted.values()]
        options.add_external_initializers(list(graph.converted), values)
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def default_threads() -> int:
    """The cores that this process may use, or fewer where OMP_NUM_THREADS says so, as torch and OpenBLAS take it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(wanted)) if wanted.isdigit() and int(wanted) else cores
