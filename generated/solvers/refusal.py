"""The one form of every refusal: four lines."""


def refusal(asked: str, where: str, wrong: str, to_do: str) -> ValueError:
    """The error that says what was asked, where, what is wrong and what to do."""
    return ValueError(
        f"asked:      {asked}\nwhere:      {where}\nwrong:      {wrong}\nwhat to do: {to_do}"
    )
