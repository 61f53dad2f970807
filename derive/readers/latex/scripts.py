r"""What stands above and below: powers, indices, rows (i), layers [1], transposes."""

from __future__ import annotations

from lark import Token

from derive.readers.latex import words as w
from derive.readers.latex.brackets import Brackets
from derive.readers.latex.scan import Piece, argument


class Scripts(Brackets):
    """Makes tokens of scripts."""

    def _script(self, pieces: list[Piece], here: int) -> int:
        sign = pieces[here]
        content, after = argument(pieces, here, self.text)
        texts = [piece.text for piece in content]
        if sign.text == "_":
            if texts == ["+"]:
                self._emit("POSPART", "_+", sign.start, content[0].stop)
            else:
                self._put("SUB", "_", sign)
                self._braced(content, sign, index=True)
        elif self._after_sum():
            self._put("SUP", "^", sign)
            self._braced(content, sign)
        else:
            self._raised(sign, content)
        return after

    def _after_sum(self) -> bool:
        """Whether a sum sign stands before, perhaps with what is below it: ^T is its end."""
        here = len(self.out) - 1
        if here >= 0 and self.out[here].type == "RBRACE":
            depth = 0
            while here >= 0:
                depth += (self.out[here].type == "RBRACE") - (self.out[here].type == "LBRACE")
                here -= 1
                if depth == 0:
                    break
            if here < 0 or self.out[here].type != "SUB":
                return False
            here -= 1
        return here >= 0 and self.out[here].type == "BIG"

    def _raised(self, sign: Piece, content: list[Piece]) -> None:
        """What stands above: rows (i), a transpose, a layer [l], a power."""
        content = [p for p in content if p.text not in w.SKIPPED]
        texts = [piece.text for piece in content]
        if len(texts) >= 3 and texts[0] == "(" and (size := _row_index(texts)):
            self._put("ROWS", "^", sign)
            self._braced(content[1 : size - 1], sign, index=True)
            if content[size:]:
                self._raised(sign, content[size:])
            return
        if len(texts) == 3 and texts[0] == "[" and texts[2] == "]":
            if not (texts[1].isdigit() and texts[1].isascii()):
                raise self.text.error(content[1].span, "a layer has a number here",
                                      "write W^{[1]}, W^{[2]}, ...")  # fmt: skip
            self._emit("LAYER", texts[1], sign.start, self._stop(content))
            return
        if texts and (count := _transposes(content)):
            if "T" in texts and "T" in self.declared:
                raise self.text.error(
                    content[0].span,
                    "^T has two readings: T is a letter here",
                    r"write ^\top to transpose, or ^{(T)} as a power",
                )
            for _ in range(count):
                self._emit("TRANSPOSE", "T", sign.start, self._stop(content))
            return
        if texts and texts[0] == "-" and (count := _transposes(content[1:])):
            self._put("SUP", "^", sign)
            first = content[0]
            for kind, value in (("LBRACE", "{"), ("MINUS", "-"), ("NUMBER", "1"), ("RBRACE", "}")):
                self._put(kind, value, first)
            for _ in range(count):
                self._emit("TRANSPOSE", "T", sign.start, self._stop(content))
            return
        if texts and texts[0] in (r"\odot", r"\circ") and len(texts) > 1:
            self._put("ENTRYPOWER", ".^", sign)
            self._braced(content[1:], sign)
            return
        if texts in (["*"], [r"\ast"], [r"\star"], ["+"], [r"\circ"]):
            raise self.text.error(content[0].span, f"^{texts[0]} has no meaning here",
                                  r"write another letter, as in \hat{w}")  # fmt: skip
        self._put("SUP", "^", sign)
        self._braced(content, sign)

    def _prime(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        """A prime transposes; of an index letter it makes another letter: i' is written i2."""
        piece = pieces[here]
        last = self.out[-1] if self.out else None
        if index and last is not None and last.type == "NAME":
            name = str(last)
            base = name.rstrip("0123456789")
            number = int(name[len(base) :] or 1) + 1
            self.out[-1] = Token(
                "NAME", f"{base}{number}", start_pos=last.start_pos, end_pos=piece.stop
            )
            return here + 1
        self._put("TRANSPOSE", "'", piece)
        return here + 1


def _row_index(texts: list[str]) -> int:
    """How many pieces (i) has at the beginning; 0 where no index stands in brackets there."""
    if ")" not in texts:
        return 0
    end = texts.index(")")
    inside = texts[1:end]
    simple = all(t.isdigit() or (len(t) == 1 and t.isalpha()) or t in (",", "'") for t in inside)
    lone = sum(t not in (",", "'") for t in inside) == 1 + inside.count(",")
    return end + 1 if inside and simple and lone else 0


def _transposes(content: list[Piece]) -> int:
    """How many transposes the pieces above a letter are; 0 where they are anything else."""
    texts = [p.text for p in content if p.text not in ("{", "}")]
    count = 0
    while texts:
        if texts[0] in (r"\mathsf", r"\mathrm", r"\mathtt", r"\mathbf", r"\text", r"\textsf",
                        r"\mathit", r"\textrm", r"\operatorname", r"\mathsfit"):  # fmt: skip
            texts.pop(0)
            if not texts or texts[0] not in ("T", r"\top", "t"):
                return 0
        if not texts or texts[0] not in ("T", r"\top", r"\intercal", r"\prime", "'", "t"):
            return 0
        if texts[0] == "t" and count == 0 and len(content) == 1:
            return 0
        texts.pop(0)
        count += 1
    return count
