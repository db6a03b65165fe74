"""Holds your own Python against the laws of Helix: merges, attention, placements and routers.

    from helix_laws import check_merge

    def test_my_merge():
        check_merge(my_merge, convention="vllm-dcp")

The laws are those of the program ``helix laws``, which draws the cases, derives the bounds and
judges the answers. This module starts it, and answers its questions by calling your function. It
needs Java 17 or newer, on the PATH or in JAVA_HOME, and the environment variable HELIX_JAR, which
names helix.jar. Beside Python it needs NumPy alone. PyTorch's tensors may be returned, and with
``tensors="torch"`` they are given.

NumPy has no BF16. Arrays of BF16 are given and taken as uint16, whose bits are those of the
numbers: ``float32_from_bf16`` and ``bf16_from_float32`` convert them.

This file was written by ``helix laws --python``. It may be copied and kept in your project.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import numpy as np

_STORED = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
}
_NAMES = {dtype: name for name, dtype in _STORED.items()}


class HelixNotFound(RuntimeError):
    """Raised if helix.jar or Java is not where the environment says."""


class NoVerdict(RuntimeError):
    """Raised if there is no verdict.

    An option is wrong, an answer is late, no law could be checked, or HELIX_JAR is not helix.jar.
    """


def float32_from_bf16(bits):
    """Returns the numbers of BF16 bits, an array of uint16, exactly, as float32."""
    return (np.asarray(bits, np.uint16).astype(np.uint32) << 16).view(np.float32)


def bf16_from_float32(numbers):
    """Rounds float32 to BF16, to the nearest, ties to even, and returns the bits as uint16."""
    bits = np.ascontiguousarray(numbers, np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    quiet = (bits >> 16) | 0x40
    return np.where(np.isnan(numbers), quiet, rounded).astype(np.uint16)


def check_merge(merge, convention="vllm-dcp", **options):
    """Holds ``merge(outputs, lses)`` against the laws of the merge.

    The arguments are the partial outputs and log-sum-exps of all shards, in the shapes and dtypes
    of the convention; with (max, sum) pairs they are ``merge(outputs, maxima, sums)`` or
    ``merge(outputs, pairs)``. Where a length tells which parts have no tokens, it is the keyword
    ``lengths``. Return ``(outputs, lses)``, or outputs alone where no LSE is returned.

    ``convention=None`` begins with FP64 and natural logarithms. The other options are those of
    ``helix laws``, with underscores: ``base=2``, ``heads_first=True``, ``law=["partition"]``.

    Raises AssertionError with the report if a law is broken, and NoVerdict if none was checked.
    """

    def answer(question):
        names = ("lses", "maxima", "sums", "pairs")
        weights = [getattr(question, name) for name in names if hasattr(question, name)]
        more = {"lengths": question.lengths} if hasattr(question, "lengths") else {}
        merged = merge(question.outputs, *weights, **more)
        both = merged if isinstance(merged, (tuple, list)) else (merged,)
        return dict(zip(("outputs", "lses"), both))

    return _check(answer, "merge", dict(options, convention=convention))


def check_attention(attention, **options):
    """Holds ``attention(question)`` against the laws of partial attention.

    A question has the tensors and scalars that the manual lists, as attributes: ``q``,
    ``qo_indptr``, ``k_cache``, ``kv_indptr`` and so on; ``v_cache``, ``sinks`` and
    ``alibi_slopes`` are None where there are none. Return ``(output, lse)``.
    """

    def answer(question):
        for name in ("v_cache", "sinks", "alibi_slopes"):
            if not hasattr(question, name):
                setattr(question, name, None)
        return dict(zip(("output", "lse"), attention(question)))

    return _check(answer, "attention", options)


def check_placement(placement, **options):
    """Holds ``placement(question)`` against the laws of placement.

    A question has the rule, its numbers and the request, as the manual lists them. Return
    ``(owners, slots, lengths, back)``, all of integers.
    """

    def answer(question):
        return dict(zip(("owners", "slots", "lengths", "back"), placement(question)))

    return _check(answer, "placement", options)


def check_routing(router, **options):
    """Holds ``router(question)`` against the laws of routing.

    A question has ``logits`` [tokens, experts], ``bias`` [experts] and the rule, as the manual
    lists them. Return ``(experts, weights)``, both [tokens, top_k].
    """

    def answer(question):
        return dict(zip(("experts", "weights"), router(question)))

    return _check(answer, "routing", options)


def _check(answer, seam, options):
    tensors = options.pop("tensors", "numpy")
    device = options.pop("device", None)
    if tensors not in ("numpy", "torch"):
        raise ValueError("tensors: expected 'numpy' or 'torch', got %r" % (tensors,))
    command = _program() + ["laws", "--exec", "-"]
    if not options.get("law"):
        command += ["--seam", seam]
    command += _arguments(options)

    def answer_file(asked, answered):
        questions, metadata = _read(asked)
        answers = {}
        for number in range(int(metadata["cases"])):
            question = _question(questions.get(number, {}), metadata, number, tensors, device)
            for name, array in answer(question).items():
                answers["%d.%s" % (number, name)] = _array(array)
        _write(answered, answers)

    return _serve(command, answer_file)


def _program():
    """The command that starts helix."""
    jar = os.environ.get("HELIX_JAR")
    if not jar:
        raise HelixNotFound("HELIX_JAR: expected the path of helix.jar, the variable is not set")
    if not os.path.isfile(jar):
        raise HelixNotFound("HELIX_JAR: expected the path of helix.jar, no file is at %s" % jar)
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=os.path.join(home, "bin") if home else None)
    if not java:
        where = "JAVA_HOME (%s)" % home if home else "the PATH"
        raise HelixNotFound("java: expected Java 17 or newer, found none in " + where)
    return [java, "-jar", jar]


def _arguments(options):
    arguments = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        values = value if isinstance(value, (tuple, list)) else [value]
        for one in values:
            if one is True:
                arguments.append(option)
            elif one is not None and one is not False:
                arguments += [option, str(one)]
    return arguments


def _serve(command, answer_file):
    """Runs helix, which asks on its standard output, and returns its report."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        try:
            for line in process.stdout:
                files = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
                if len(files) != 2:
                    expected = "HELIX_JAR: expected helix.jar, %s says %r"
                    raise NoVerdict(expected % (command[2], "\t".join(files)))
                answer_file(*files)
                process.stdin.write(b"done\n")
                process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended; its report says why.
        finally:
            status = _ended(process)
        said.seek(0)
        report = said.read().decode("utf-8", "replace").strip()
    if status == 0 and _has_line(report, "all laws hold"):
        return report
    if status == 1 and _has_line(report, "NOT ALL LAWS HOLD"):
        raise AssertionError(report)
    if status > 1 and report:
        raise NoVerdict(report)
    # Java itself ends with status 1 if it cannot start the jar, and another program with any.
    ended = "HELIX_JAR: %s ended with status %s and no verdict" % (command[2], status)
    raise NoVerdict(": ".join(filter(None, [ended, report])))


def _has_line(report, verdict):
    return any(line.startswith(verdict) for line in report.splitlines())


def _ended(process):
    """Lets the program end, which it does when its standard input is closed."""
    try:
        process.stdin.close()
    except OSError:
        pass
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        process.stdout.close()


def _read(path):
    """Reads a safetensors file: its tensors by number and name, and its metadata."""
    with open(path, "rb") as file:
        raw = file.read()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:start])
    metadata = header.pop("__metadata__", {})
    questions = {}
    for key, entry in header.items():
        number, name = key.split(".", 1)
        begin, end = entry["data_offsets"]
        array = np.frombuffer(raw, np.uint8, end - begin, start + begin)
        array = array.view(_STORED[entry["dtype"]]).reshape(entry["shape"]).copy()
        questions.setdefault(int(number), {})[name] = (entry["dtype"], array)
    return questions, metadata


def _question(arrays, metadata, number, tensors, device):
    """A question as your function is given it: tensors, numbers and words as attributes."""
    question = SimpleNamespace(
        **{
            key.split(".", 1)[1]: value
            for key, value in metadata.items()
            if key.startswith("%d." % number)
        }
    )
    for name, (dtype, array) in arrays.items():
        if array.ndim == 0:
            value = array.item()
        elif tensors == "torch":
            value = _tensor(dtype, array, device)
        else:
            value = array
        setattr(question, name, value)
    for name in ("base", "empty", "layout"):
        if name in metadata:
            setattr(question, name, metadata[name])
    return question


def _tensor(dtype, array, device):
    import torch

    if dtype == "BF16":
        tensor = torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    else:
        tensor = torch.from_numpy(array)
    return tensor if device is None else tensor.to(device)


def _array(value):
    """An answer as an array that can be stored; BF16 as uint16."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu().contiguous()
        if value.dtype == torch.bfloat16:
            return value.view(torch.int16).numpy().view(np.uint16)
        value = value.numpy()
    array = np.ascontiguousarray(value)
    return array.view(np.uint16) if array.dtype.name == "bfloat16" else array


def _write(path, tensors):
    header = {}
    body = bytearray()
    for name, array in tensors.items():
        stored = array.dtype.newbyteorder("<")
        if stored not in _NAMES:
            expected = "float64, float32, float16, BF16 as uint16, int64 or int32"
            raise TypeError("%s: expected %s, got %s" % (name, expected, array.dtype))
        begin = len(body)
        body += array.astype(stored).tobytes()
        offsets = [begin, len(body)]
        entry = {"dtype": _NAMES[stored], "shape": list(array.shape), "data_offsets": offsets}
        header[name] = entry
    head = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + body)
