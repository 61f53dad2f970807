"""Trend filtering with squares: a curve near the data that bends little (Whittaker smoothing)."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, parameter

n = Axis("n", "times")
i, r = n.index("i"), n.less(2).index("r")

y = data("y", n, meaning="observations, in the order of time")
lambda_ = data("lambda_", domain=POSITIVE, meaning="weight of the second differences")
theta = parameter("theta", n, meaning="the smooth curve")

PROBLEM = Problem(
    name="trend_filtering",
    title="Smooth trend filtering",
    data=(y, lambda_),
    parameters=(theta,),
    cost=Sum((y[i] - theta[i]) ** 2, i)
    + lambda_() * Sum((theta[r + 2] - 2 * theta[r + 1] + theta[r]) ** 2, r),
    summary="The squared distance to the data plus a penalty on the squares of second differences.",
    sources=(
        "E. T. Whittaker (1923), On a new method of graduation, Proc. Edinburgh Math. Soc. 41",
        "R. J. Hodrick and E. C. Prescott (1997), Postwar U.S. business cycles, JMCB 29(1)",
    ),
)
