"""How tests have XLA compile: most of their programs run once, and compile for longer than they run."""

from importlib.metadata import version

__all__ = ["QUICK_COMPILING"]

# XLA's older way to fuse operations compiles in a quarter of the time, in one piece. Jaxlib 0.12 has it no more, and
# ends the process at a flag that it does not know. TensorFlow 2.21 takes both.
_OLDER_FUSION = "--xla_cpu_use_fusion_emitters=false " if version("jaxlib").startswith("0.10.") else ""

QUICK_COMPILING = {
    # XLA makes plain machine code of JAX's programs; its rewrites of the graph stay
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "XLA_FLAGS": _OLDER_FUSION + "--xla_cpu_parallel_codegen_split_count=1",
}
