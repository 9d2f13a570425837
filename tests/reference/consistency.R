# Vectors for alpha, adequacy, retention and omega, made by R (psych 2.2.9, GPArotation, lavaan 0.6-14, R 4.2.2), 15 digits:
#   Rscript tests/reference/consistency.R data/published tests/reference/consistency
suppressMessages({library(psych); library(GPArotation); library(lavaan)})
options(digits = 15, warn = -1)
folders <- commandArgs(TRUE)
dir.create(folders[2], showWarnings = FALSE)
exact <- function(x, file, ...) write.csv(x, file.path(folders[2], file), quote = FALSE, ...)

# datasets::attitude, 30 x 7 (Chatterjee & Price 1977); the Thurstone correlations (9 variables) that psych ships;
# 400 answers to 8 items on 5 skewed points, two factors, some unanswered
exact(datasets::attitude, "attitude.csv", row.names = FALSE)
exact(psych::Thurstone, "thurstone.csv")
RNGversion("4.2.0"); set.seed(20240117)
f <- matrix(rnorm(800), 400); f[, 2] <- .4 * f[, 1] + sqrt(1 - .16) * f[, 2]
x <- f[, rep(1:2, each = 4)] * .75 + matrix(rnorm(3200), 400) * .66
likert <- as.data.frame(matrix(as.integer(cut(x, c(-Inf, -1.6, -1, -.4, .4, Inf))), 400))
names(likert) <- sprintf("q%02d", 1:8)
likert[cbind(sample(400, 60), sample(8, 60, replace = TRUE))] <- NA
exact(likert, "likert.csv", row.names = FALSE, na = "")

scale_figures <- function(name, x) {
  a <- alpha(x, check.keys = FALSE, warnings = FALSE)
  n <- min(pairwiseCount(x)); k <- ncol(x)
  ends <- function(alpha) with(alpha.ci(alpha, n, k), c(lower.ci, upper.ci))
  raw <- a$total$raw_alpha; std <- a$total$std.alpha
  exact(data.frame(
    raw, raw_low = ends(raw)[1], raw_high = ends(raw)[2], std, std_low = ends(std)[1], std_high = ends(std)[2],
    mean_r = a$total$average_r), paste0(name, "_scale.csv"), row.names = FALSE)
  exact(data.frame(item = names(x), rest = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha), paste0(name, "_items.csv"), row.names = FALSE)
}
scale_figures("attitude", attitude)
scale_figures("likert", likert)

# psych stops its minres early (optim's default) and its oblimin at a gradient of 1e-5. The same path run to the end,
# with R's own optimiser and GPArotation: what omega is at the optimum.
omega_at_optimum <- function(r, k) {
  smallest <- function(u) { e <- eigen(r - diag(u), symmetric = TRUE); rest <- (k + 1):nrow(r); list(w = e$values[rest], v = e$vectors[, rest]) }
  best <- optim(1 / diag(solve(r)), function(u) sum(smallest(u)$w^2) / 2, function(u) { s <- smallest(u); -as.vector(s$v^2 %*% s$w) },
    method = "L-BFGS-B", lower = .005, upper = 1, control = list(factr = 10, pgtol = 0, maxit = 2000, lmm = 20))
  e <- eigen(r - diag(best$par), symmetric = TRUE)
  loadings <- e$vectors[, 1:k] %*% diag(sqrt(pmax(e$values[1:k], 0)))
  turned <- oblimin(varimax(loadings, eps = 1e-12)$loadings[], eps = 1e-8, maxit = 3000)
  phi <- turned$Phi
  g <- if (k == 2) sqrt(abs(phi[1, 2])) * c(1, sign(phi[1, 2])) else {
    off <- function(l) sum((phi - tcrossprod(l))[lower.tri(phi)]^2)
    optim(rep(.7, k), off, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000))$par }
  c(total = 1 - (nrow(r) - sum(loadings^2)) / sum(r), hierarchical = sum(turned$loadings %*% g)^2 / sum(r), objective = best$value)
}

matrices <- list(
  attitude = list(r = cor(attitude), n = 30, omega = 2),
  thurstone = list(r = psych::Thurstone, n = 213, omega = 3),
  babakus_boller = list(r = as.matrix(read.csv(file.path(folders[1], "babakus_boller_1992_correlations.csv"), row.names = 1)), n = 502, omega = 4)
)
for (name in names(matrices)) {
  m <- matrices[[name]]; r <- m$r
  k <- KMO(r); b <- cortest.bartlett(r, m$n)
  exact(data.frame(kmo = k$MSA, chi2 = b$chisq, df = b$df, determinant = det(r)), paste0(name, "_adequacy.csv"), row.names = FALSE)
  exact(data.frame(item = rownames(r), msa = k$MSAi, smc = smc(r)), paste0(name, "_msa.csv"), row.names = FALSE)
  reduced <- r; diag(reduced) <- smc(r)
  exact(data.frame(component = eigen(r)$values, common = eigen(reduced)$values), paste0(name, "_eigenvalues.csv"), row.names = FALSE)
  steps <- min(nrow(r) - 1, 8)
  map <- vss(r, n = steps, n.obs = m$n, plot = FALSE, rotate = "none", fm = "pc")$map
  exact(data.frame(factors = seq_along(map), map = map), paste0(name, "_map.csv"), row.names = FALSE)
  om <- suppressMessages(omega(r, m$omega, plot = FALSE, flip = FALSE))
  exact(data.frame(factors = m$omega, total = om$omega.tot, hierarchical = om$omega_h, optimum = t(omega_at_optimum(r, m$omega))), paste0(name, "_omega.csv"), row.names = FALSE)
  exact(data.frame(item = rownames(r), unclass(om$schmid$sl)[, 1:(m$omega + 3)]), paste0(name, "_schmid.csv"), row.names = FALSE)
}

# Babakus and Boller's structure, and one factor, by lavaan
keyed <- list(F1 = c(5, 7, 8), F2 = c(2, 4), F3 = c(10:13, 18:22), F4 = c(1, 17), F5 = c(6, 14:16))
five <- paste(sapply(names(keyed), function(f) paste(f, "=~", paste0("Q", keyed[[f]], collapse = " + "))), collapse = "\n")
one <- paste("all =~", paste0("Q", unlist(keyed), collapse = " + "))
measures <- c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr")
fits <- lapply(list(five = five, one = one), function(m) cfa(m, sample.cov = matrices$babakus_boller$r, sample.nobs = 502))
exact(data.frame(structure = names(fits), t(sapply(fits, function(f) unclass(fitMeasures(f, measures))))),
      "babakus_boller_cfa.csv", row.names = FALSE)
exact(subset(standardizedSolution(fits$five), op == "=~", c(lhs, rhs, est.std)), "babakus_boller_cfa_loadings.csv", row.names = FALSE)
exact(lavInspect(fits$five, "cor.lv"), "babakus_boller_cfa_phi.csv")
