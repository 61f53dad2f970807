"""The Bradley-Terry model: strengths of players from a matrix of win counts."""

from derive.notation import COUNTS, Axis, Problem, Sum, data, define, parameter, softplus

n = Axis("n", "players")
j, k = n.index("j"), n.index("k")

N = data("N", n, n, domain=COUNTS, meaning="in row j how often player j beat each other player")
s = parameter("s", n, meaning="strengths")

D = define("D", j, k, s[k] - s[j], meaning="differences of strengths")

PROBLEM = Problem(
    name="bradley_terry",
    title="Bradley-Terry model",
    data=(N,),
    parameters=(s,),
    definitions=(D,),
    cost=Sum(N[j, k] * softplus(D[j, k]), j, k),
    summary="Minus the log-likelihood of the games, player j beating player k with probability "
    "sigmoid(s_j - s_k). Adding one number to all strengths changes nothing.",
    sources=("R. A. Bradley and M. E. Terry (1952), Biometrika 39:324, equation 2",),
)
