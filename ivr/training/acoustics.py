"""The network as libvosk reads it: Kaldi's nnet3 model, in its text form.

Every unit has as many states as parts; a state has two transitions, to itself and onwards, numbered
from 1 through the units in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ivr.training.network import AROUND, BANDS, FIRST, HIGHEST, LOWEST, PARTS, Network
from ivr.training.speaking import RATE
from ivr.training.units import SILENCE, UNITS, states

STAY: Final = 0.75
"""The probability that a state is followed by itself."""


def stays(part: int) -> int:
    """The number of the transition, as in the graph."""
    return 2 * part + 1


def goes_on(part: int) -> int:
    return 2 * part + 2


def write(network: Network, folder: Path) -> None:
    (folder / "am").mkdir(parents=True)
    (folder / "conf").mkdir()
    (folder / "am/final.mdl").write_text("".join(_model(network)))
    (folder / "conf/fbank.conf").write_text(
        f"--sample-frequency={RATE}\n--num-mel-bins={BANDS}\n--low-freq={LOWEST}\n"
        f"--high-freq={HIGHEST}\n--dither=0\n--use-energy=false\n--allow-downsample=true\n"
    )
    (folder / "conf/model.conf").write_text(
        "--min-active=200\n--max-active=2000\n--beam=10.0\n--lattice-beam=5.0\n"
        f"--acoustic-scale={SCALE}\n--frame-subsampling-factor=1\n"
        f"--endpoint.silence-phones={UNITS.index(SILENCE) + 1}\n"
        "--endpoint.rule2.min-trailing-silence=0.5\n"
        "--endpoint.rule3.min-trailing-silence=1.0\n"
        "--endpoint.rule4.min-trailing-silence=2.0\n"
    )


SCALE: Final = 0.13
"""What the sounds weigh against the words. Neighbouring frames tell nearly the same, so less than
one."""


def _model(network: Network) -> Iterator[str]:
    yield from _transitions()
    matrices = [weights.T for weights, _ in network.layers]
    # The first layer takes the features as they come, and brings them to mean and deviation itself.
    matrices[0] = matrices[0] / np.tile(network.deviation, len(AROUND))
    biases = [each for _, each in network.layers]
    biases[0] = biases[0] - matrices[0] @ np.tile(network.mean, len(AROUND))
    around = ", ".join(f"Offset(input, {offset})" for offset in AROUND)
    layers: list[tuple[str, str]] = []
    for number, (matrix, bias) in enumerate(zip(matrices, biases, strict=True), 1):
        last = number == len(matrices)
        layers.append((f"affine{number}", _affine(matrix, bias)))
        kind = "LogSoftmaxComponent" if last else "RectifiedLinearComponent"
        layers.append((f"bent{number}", _bent(kind, len(bias))))
    yield f"<Nnet3> \ninput-node name=input dim={BANDS}\n"
    names = [f"Append({around})", *(name for name, _ in layers)]
    for before, name in pairwise(names):
        yield f"component-node name={name} component={name} input={before}\n"
    yield f"output-node name=output input={names[-1]} objective=linear\n\n"
    yield f"<NumComponents> {len(layers)} \n"
    for name, text in layers:
        yield f"<ComponentName> {name} {text}"
    yield f"</Nnet3> \n<LeftContext> {-AROUND[0]} <RightContext> {AROUND[-1]} "
    yield f"<Priors> {_row(np.exp(network.common))}"


def _transitions() -> Iterator[str]:
    yield "<TransitionModel> \n<Topology> \n"
    for length in sorted({states(unit) for unit in UNITS}):
        numbers = [str(n) for n, unit in enumerate(UNITS, 1) if states(unit) == length]
        yield f"<TopologyEntry> \n<ForPhones> \n{' '.join(numbers)}\n</ForPhones> \n"
        for state in range(length):
            yield f"<State> {state} <PdfClass> {state} "
            yield f"<Transition> {state} {STAY} <Transition> {state + 1} {1 - STAY} </State> \n"
        yield f"<State> {length} </State> \n</TopologyEntry> \n"
    yield f"</Topology> \n<Triples> {PARTS} \n"
    for number, unit in enumerate(UNITS, 1):
        for state in range(states(unit)):
            yield f"{number} {state} {FIRST[unit] + state} \n"
    chances = [0, *[math.log(STAY), math.log(1 - STAY)] * PARTS]
    yield f"</Triples> \n<LogProbs> \n{_row(chances)}</LogProbs> \n</TransitionModel> \n"


def _affine(matrix: ArrayLike, bias: ArrayLike) -> str:
    rows = "\n".join(_numbers(row) for row in np.asarray(matrix))
    return (
        f"<FixedAffineComponent> <LinearParams> [\n{rows} ]\n"
        f"<BiasParams> {_row(bias)}</FixedAffineComponent>\n"
    )


def _bent(kind: str, width: int) -> str:
    return (
        f"<{kind}> <Dim> {width} <ValueAvg> [ ]\n<DerivAvg> [ ]\n<Count> 0 <OderivRms> [ ]\n"
        f"<OderivCount> 0 <NumDimsSelfRepaired> 0 <NumDimsProcessed> 0 </{kind}>\n"
    )


def _row(numbers: ArrayLike) -> str:
    return f"[ {_numbers(numbers)} ]\n"


def _numbers(numbers: ArrayLike) -> str:
    return " ".join(f"{number:.4g}" for number in np.asarray(numbers))
