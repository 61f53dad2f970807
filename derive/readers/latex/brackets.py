r"""Brackets and bars: which opens, which closes, which separates."""

from __future__ import annotations

from lark import Token

from derive.readers.latex import words as w
from derive.readers.latex.scan import Piece, closing
from derive.readers.latex.tokens import Output

ENDS = frozenset(
    ("NUMBER", "NAME", "RPAR", "RBRACE", "RBAR", "RNORM", "RANGLE", "TRANSPOSE", "ENDCASES",
     "POSPART", "ONES", "LAYER")
)  # fmt: skip
"""Tokens that end something which a bar may close."""


class Brackets(Output):
    """Makes tokens of brackets."""

    def _sized(self, pieces: list[Piece], here: int) -> int:
        piece = pieces[here]
        if here + 1 >= len(pieces):
            raise self.text.error(piece.span, f"{piece.text} needs a bracket after it",
                                  rf"write {piece.text}(")  # fmt: skip
        bracket = pieces[here + 1]
        if bracket.text == ".":
            raise self.text.error(bracket.span, "a bracket without its other half is not known",
                                  r"write both, or \begin{cases}")  # fmt: skip
        if piece.text == r"\middle" and bracket.text in w.BARS:
            self._put("COLON", bracket.text, bracket)
            return here + 2
        if bracket.text in w.BARS:
            side = "l" if piece.text == r"\left" else "r"
            sign = rf"\{side}vert" if w.BARS[bracket.text] == "BAR" else rf"\{side}Vert"
            pieces[here + 1] = Piece(sign, bracket.start, bracket.stop)
        return here + 1

    def _bracket(self, piece: Piece, brackets: list[Token]) -> None:
        sign = w.SAME_BRACKET.get(piece.text, piece.text)
        if sign in w.BRACKETS:
            self._put("LANGLE" if sign == r"\langle" else "LPAR", sign, piece)
            brackets.append(self.out[-1])
            return
        self._close(piece, sign, w.CLOSING[sign], brackets)
        self._put("RANGLE" if sign == r"\rangle" else "RPAR", sign, piece)

    def _close(self, piece: Piece, sign: str, opening: str, brackets: list[Token]) -> None:
        if not brackets:
            raise self.text.error(piece.span, f"this {sign} closes no {opening}",
                                  f"remove it or write the {opening}")  # fmt: skip
        last = brackets.pop()
        if str(last) != opening:
            raise self.text.error(
                piece.span, f"this {sign} would close the {last} before it",
                f"close {last} first, or write the same kind of bracket at both ends",
            )  # fmt: skip

    def _bar(self, pieces: list[Piece], here: int, brackets: list[Token]) -> int:
        r"""|, \|, \lvert and their like: a bar that looks the same at both ends opens or closes."""
        piece = pieces[here]
        kind = w.BARS.get(piece.text) or w.BAR_KINDS[piece.text]
        operand = bool(self.out) and self.out[-1].type in ENDS
        inside = bool(brackets) and brackets[-1].type == f"L{kind}"
        if piece.text in w.BAR_KINDS:
            opens = piece.text[1] == "l"
        else:
            # The bar of |a|b| goes the shorter way: it closes.
            opens = not (inside and operand)
            if opens and operand and not self._closed_later(pieces, here, piece.text):
                self._put("COLON", piece.text, piece)
                return here + 1
        if opens:
            self._put(f"L{kind}", piece.text, piece)
            brackets.append(self.out[-1])
            return here + 1
        if not inside:
            shown = r"\lVert" if kind == "NORM" else r"\lvert"
            raise self.text.error(piece.span, "this bar closes none", f"write {shown} before it")
        brackets.pop()
        self._put(f"R{kind}", piece.text, piece)
        return here + 1

    def _closed_later(self, pieces: list[Piece], here: int, sign: str) -> bool:
        depth = 0
        for piece in pieces[here + 1 :]:
            if piece.text == sign and depth == 0:
                return True
            depth += (piece.text in w.BRACKETS or piece.text == "{") - (
                piece.text in w.CLOSING or piece.text == "}"
            )
            if depth < 0:
                return False
        return False

    def _group(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        end = closing(pieces, here, self.text)
        if end > here + 1:
            self._put("LBRACE", "{", pieces[here])
            count = len(self.out)
            self._run(pieces[here + 1 : end], index=index)
            if len(self.out) == count:
                self.out.pop()
            else:
                self._put("RBRACE", "}", pieces[end])
        return end + 1
