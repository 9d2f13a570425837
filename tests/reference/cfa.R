# Vectors for confirmatory factor analysis where a search can go astray, made by R (lavaan 0.6-14, R 4.2.2), 15 digits:
#   Rscript tests/reference/cfa.R data/published tests/reference/cfa
suppressMessages(library(lavaan))
options(digits = 15, warn = -1)
folders <- commandArgs(TRUE)
dir.create(folders[2], showWarnings = FALSE)
exact <- function(x, file, ...) write.csv(x, file.path(folders[2], file), quote = FALSE, ...)
square <- function(lower, names) {
  r <- diag(length(names)); dimnames(r) <- list(names, names)
  r[upper.tri(r, diag = TRUE)] <- lower
  r[lower.tri(r)] <- t(r)[lower.tri(r)]
  r
}

sets <- list(
  # 400 simulated answers; "a" has next to nothing in common with the other items of its factor
  weak_first = list(n = 400, model = "f =~ a + b + c\ng =~ d + e + f1\nh =~ h1 + h2 + h3", r = square(c(
    1,
    .029, 1,
    -.058, .112, 1,
    -.067, -.030, -.054, 1,
    -.020, -.043, -.090, .415, 1,
    -.014, -.068, -.088, .303, .506, 1,
    -.026, .023, .046, -.155, -.058, -.102, 1,
    -.044, -.075, -.014, .103, .110, .119, -.026, 1,
    -.020, -.098, -.101, .154, .160, .156, -.071, .233, 1), c("a", "b", "c", "d", "e", "f1", "h1", "h2", "h3"))),
  # "a" correlates .7 and .65 with two items that correlate .3 with each other: .7 * .65 / .3 is more than 1
  heywood = list(n = 200, model = "x =~ a + b + c\ny =~ d + e + f", r = square(c(
    1,
    .7, 1,
    .65, .3, 1,
    .4, .25, .25, 1,
    .25, .25, .25, .5, 1,
    .25, .25, .25, .5, .5, 1), letters[1:6])),
  babakus_boller = list(n = 502, r = as.matrix(read.csv(file.path(folders[1], "babakus_boller_1992_correlations.csv"), row.names = 1)),
    model = "F1 =~ Q5 + Q7 + Q8\nF2 =~ Q2 + Q4\nF3 =~ Q10 + Q11 + Q12 + Q13 + Q18 + Q19 + Q20 + Q21 + Q22\nF4 =~ Q1 + Q17\nF5 =~ Q6 + Q14 + Q15 + Q16")
)
measures <- c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr")
for (name in names(sets)) {
  s <- sets[[name]]
  f <- cfa(s$model, sample.cov = s$r, sample.nobs = s$n, std.lv = TRUE, sample.cov.rescale = FALSE)
  if (name != "babakus_boller") exact(s$r, paste0(name, ".csv"))
  exact(data.frame(n = s$n, t(unclass(fitMeasures(f, measures)))), paste0(name, "_fit.csv"), row.names = FALSE)
  solution <- subset(parameterEstimates(f), op == "=~", c(lhs, rhs, est, se))
  solution$unique <- diag(lavInspect(f, "theta"))[solution$rhs]
  exact(solution, paste0(name, "_loadings.csv"), row.names = FALSE)
}
