"""Programs of JAX that several machines compute together: each calls the same function with arrays of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from .inside import conversions, options_of_compiler, sums_at
from .ops import Total

__all__ = ["AXIS", "join", "on_machines"]

AXIS = "machines"  # along which JAX sums


_convert: Any = conversions()


@_convert.register(Total)
def _(op, **_kwargs):
    return lambda x: jax.lax.psum(x, AXIS)


def join(number: int, count: int, address: str, secret: bytes, seconds: float, host: str) -> None:
    """Make this process one of several that compute together; before JAX computes anything here.

    Args:
        number: of this one, from 0 on.
        address: where number 0 listens, as host:port.
        seconds: how long to wait for the others.
        host: where this one listens.
    """
    del secret  # JAX has none: who reaches these addresses can take part
    sums_at(host)
    jax.distributed.initialize(
        address,
        count,
        number,
        coordinator_bind_address=address,
        initialization_timeout=int(seconds),
    )
    jax.devices()  # now, while all are here: for the first computation of one each JAX waits for all others


def on_machines(function: Callable) -> Callable:
    """The function compiled, in which `psum` along `AXIS` adds up over the machines; arrays in and out are this one's.

    For JAX each argument is one array that all machines hold alike. They do not, which nothing in the function asks.
    """
    mesh = Mesh(np.array(jax.devices()), (AXIS,))
    alike = NamedSharding(mesh, PartitionSpec())
    mapped = jax.jit(
        jax.shard_map(function, mesh=mesh, in_specs=PartitionSpec(), out_specs=PartitionSpec(), check_vma=False),
        compiler_options=options_of_compiler(),
    )

    def of_all(value: Any) -> jax.Array:
        own = jax.device_put(value, jax.local_devices()[0])
        return jax.make_array_from_single_device_arrays(own.shape, alike, [own])

    def call(*arguments: Any) -> Any:
        results = mapped(*jax.tree_util.tree_map(of_all, arguments))
        return jax.tree_util.tree_map(lambda one: one.addressable_data(0), results)

    return call
