"""A net on disk: safetensors, whose header names the net and how to build it. Nothing is ever unpickled.

Layout of the bytes: 8 bytes with the header's length, the header as JSON, the tensors. Its `__metadata__` holds
`format`, `net` (the class) and `config` (the arguments that build it), so that a file is checked before a single
weight is copied.
"""

import json

import torch
from safetensors.torch import load, save
from torch import nn

from ..errors import Errors, RNNError

FORMAT = "1"


def net_to_bytes(net: nn.Module, config: dict) -> bytes:
    """The net's weights, each tied one once, with what is needed to build it again."""
    metadata = {"format": FORMAT, "net": type(net).__name__, "config": json.dumps(config)}
    return save({name: weight.detach().cpu().contiguous() for name, weight in weights_of(net).items()}, metadata)


def net_from_bytes(data: bytes, net_class: type[nn.Module], fixed: dict) -> tuple[nn.Module, dict]:
    """Build the net that the header describes and fill it: the net, and the arguments that built it.

    fixed: arguments the caller insists on. Raises RNNError for a file that is cut off, foreign, or saved by another
        configuration.
    """
    metadata, config = _header(data)
    if metadata.get("format") != FORMAT:
        raise RNNError(Errors.R003.format(found=metadata.get("format"), known=FORMAT))
    if metadata.get("net") != net_class.__name__:
        raise RNNError(Errors.R004.format(found=metadata.get("net"), wanted=net_class.__name__))
    for name, wanted in fixed.items():
        if config.get(name, wanted) != wanted:
            raise RNNError(Errors.R005.format(net=net_class.__name__, name=name, found=config[name], wanted=wanted))
    try:
        tensors = load(data)
        with torch.device("meta"):  # sizes without memory, in case the header asks for all there is
            _check(net_class(**config), tensors)
        net = net_class(**config)
    except RNNError:
        raise
    except Exception as error:  # a damaged header can ask a net for anything
        raise RNNError(Errors.R002.format(error=error)) from error
    with torch.no_grad():
        for name, weight in weights_of(net).items():
            weight.copy_(tensors[name])
    return net, config


def weights_of(net: nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and persistent buffers by name; of tied ones only the first name."""
    seen, weights = set(), {}
    for name, weight in net.state_dict(keep_vars=True).items():
        if id(weight) not in seen:
            seen.add(id(weight))
            weights[name] = weight
    return weights


def _header(data: bytes) -> tuple[dict[str, str], dict]:
    """The metadata, and the config therein."""
    try:
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 + size:
            raise ValueError(f"{len(data)} bytes, and the header alone should have {8 + size}")
        metadata = json.loads(data[8 : 8 + size].decode("utf8"))["__metadata__"]
        return metadata, dict(json.loads(metadata.get("config", "{}")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RNNError(Errors.R002.format(error=error)) from error


def _check(net: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
    weights = weights_of(net)
    wrong = sorted(weights.keys() ^ tensors.keys())
    wrong += [name for name in weights.keys() & tensors.keys() if _kind(weights[name]) != _kind(tensors[name])]
    if wrong:
        raise RNNError(Errors.R006.format(net=type(net).__name__, names=", ".join(wrong[:5])))


def _kind(tensor: torch.Tensor) -> tuple:
    return tensor.shape, tensor.dtype
