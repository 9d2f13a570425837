# Reference vectors of the factor engine, made by psych, lavaan and GPArotation.
#
#   Rscript efa.R FOLDER_OF_BABAKUS_BOLLER_CSV FOLDER_OF_SIMULATED_CSV FOLDER_FOR_RESULTS
#
# One JSON file per data set. The raw answers of psych's bfi are not stored: only tables of pairs, correlations, results.
suppressMessages({library(psych); library(GPArotation); library(lavaan)})
arguments <- commandArgs(trailingOnly = TRUE)
published <- arguments[1]; simulated <- arguments[2]; out <- arguments[3]

number <- function(x) ifelse(is.finite(x), sprintf("%.12g", x), "null")
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0("\"", names(x), "\":", vapply(x, json, ""), collapse = ",\n"), "}"))
  if (is.character(x)) return(paste0("[", paste0("\"", x, "\"", collapse = ","), "]"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, function(row) paste0("[", paste(number(row), collapse = ","), "]")), collapse = ","), "]"))
  if (length(x) == 1 && is.null(names(x))) return(number(x))
  paste0("[", paste(number(as.numeric(x)), collapse = ","), "]")
}
store <- function(name, results) writeLines(json(results), file.path(out, paste0(name, ".json")))

# --- extraction, run to the optimum: psych stops at optim's default tolerance --------------------------------------------
criterion <- function(psi, R, k, fm) {
  if (fm == "ml") {
    w <- eigen(R / sqrt(outer(psi, psi)), symmetric = TRUE, only.values = TRUE)$values[-(1:k)]
    sum(w - log(w) - 1)
  } else {
    diag(R) <- 1 - psi
    sum(eigen(R, symmetric = TRUE, only.values = TRUE)$values[-(1:k)]^2) / 2
  }
}
slope <- function(psi, R, k, fm) {
  if (fm == "ml") {
    e <- eigen(R / sqrt(outer(psi, psi)), symmetric = TRUE)
    drop(e$vectors[, -(1:k), drop = FALSE]^2 %*% (1 - e$values[-(1:k)])) / psi
  } else {
    diag(R) <- 1 - psi
    e <- eigen(R, symmetric = TRUE)
    -drop(e$vectors[, -(1:k), drop = FALSE]^2 %*% e$values[-(1:k)])
  }
}
optimum <- function(R, k, fm) {
  start <- 1 / diag(solve(R))
  for (again in 1:5) start <- nlminb(start, criterion, slope, R = R, k = k, fm = fm, lower = 0.005, upper = 1,
    control = list(rel.tol = 1e-15, x.tol = 1e-14, abs.tol = 0, iter.max = 5000, eval.max = 10000))$par
  psi <- start
  free <- psi > 0.005 + 1e-9 & psi < 1 - 1e-9
  for (polish in 1:4) {  # Newton steps, the Hessian by central differences of the slope
    H <- sapply(which(free), function(j) { h <- replace(0 * psi, j, 1e-5); (slope(psi + h, R, k, fm) - slope(psi - h, R, k, fm))[free] / 2e-5 })
    psi[free] <- psi[free] - solve((H + t(H)) / 2, slope(psi, R, k, fm)[free])
  }
  if (fm == "ml") {
    e <- eigen(R / sqrt(outer(psi, psi)), symmetric = TRUE)
    A <- sqrt(psi) * e$vectors[, 1:k, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:k] - 1, 0)), k)
  } else {
    S <- R; diag(S) <- 1 - psi
    e <- eigen(S, symmetric = TRUE)
    A <- e$vectors[, 1:k, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:k], 0)), k)
  }
  list(psi = psi, loadings = A, objective = criterion(psi, R, k, fm), steepest = max(abs(slope(psi, R, k, fm)[free])))
}

# --- rotation, run to tight tolerance, factors signed and ordered by variance ----------------------------------------------
arranged <- function(L, Phi = diag(ncol(L))) {
  s <- diag(ifelse(colSums(L) < 0, -1, 1)); L <- L %*% s; Phi <- s %*% Phi %*% s
  o <- order(diag(Phi %*% t(L) %*% L), decreasing = TRUE)
  list(loadings = L[, o], phi = Phi[o, o])
}
# rounding may keep the projected gradient a little above eps for good: below 1e-6 will do
tight <- function(search) { found <- suppressWarnings(search); stopifnot(found$Table[nrow(found$Table), 3] < -6); found }
rotations <- function(A) {
  bare <- unname(A)
  oblique <- function(method, ...) {
    found <- tight(GPFoblq(bare, method = method, eps = 1e-7, maxit = 5000, ...))
    arranged(found$loadings, found$Phi)
  }
  orthogonal <- function(method, normalize = FALSE) arranged(tight(GPForth(bare, method = method, normalize = normalize, eps = 1e-7, maxit = 5000))$loadings)
  promax <- kaiser(bare, rotate = "Promax")
  size <- sqrt(rowSums(bare^2))  # psych's promax again, on varimax loadings that were run to the optimum first
  exact <- Promax(unclass(varimax(bare / size, normalize = FALSE, eps = 1e-15)$loadings))
  wanted <- oblique("quartimin")$loadings; wanted <- ifelse(abs(wanted) < 0.2, 0, NA)
  target <- tight(GPFoblq(bare, method = "pst", methodArgs = list(W = 1 * is.finite(wanted), Target = ifelse(is.finite(wanted), wanted, 0)), eps = 1e-7, maxit = 5000))
  list(varimax = orthogonal("varimax", normalize = TRUE), quartimax = orthogonal("quartimax"),
    promax_psych = arranged(unclass(promax$loadings), promax$Phi), promax = arranged(unclass(exact$loadings) * size, exact$Phi),
    oblimin = oblique("oblimin", methodArgs = list(gam = 0)),
    oblimin_minus_half = oblique("oblimin", methodArgs = list(gam = -0.5)), geomin = oblique("geomin", methodArgs = list(delta = 0.01)),
    target = list(wanted = wanted, objective = pst_value(target$loadings, wanted)))
}
pst_value <- function(L, wanted) sum((L - wanted)^2, na.rm = TRUE)

# --- what psych says ---------------------------------------------------------------------------------------------------------
analysed <- function(R, n, k) {
  results <- list()
  for (fm in c("minres", "ml")) {
    plain <- suppressWarnings(fa(R, k, n.obs = n, fm = fm, rotate = "none"))
    oblique <- suppressWarnings(fa(R, k, n.obs = n, fm = fm, rotate = "oblimin"))
    best <- optimum(R, k, fm)
    psych_psi <- pmin(pmax(1 - plain$communalities, 0.005), 1)
    results[[fm]] <- list(
      optimum = best, rotations = rotations(best$loadings),
      psych = list(communality = plain$communality, loadings = unclass(plain$loadings), psi = psych_psi,
        objective_at_psi = criterion(psych_psi, R, k, fm),
        chi2 = plain$STATISTIC, df = plain$dof, p = plain$PVAL, rmsea = plain$RMSEA[[1]], rmsea_low = plain$RMSEA[[2]],
        rmsea_high = plain$RMSEA[[3]], tli = plain$TLI, bic = plain$BIC, rmsr = plain$rms, objective = plain$objective,
        oblimin_loadings = unclass(oblique$loadings), oblimin_phi = oblique$Phi, variance = unclass(oblique$Vaccounted)))
  }
  results
}
scored <- function(x, R, k) {
  best <- optimum(R, k, "minres")
  rotated <- rotations(best$loadings)$oblimin
  z <- scale(x)
  lapply(list(regression = "Thurstone", bartlett = "Bartlett", tenberge = "tenBerge"), function(method) {
    w <- factor.scores(R, rotated$loadings, rotated$phi, method = method)$weights
    list(weights = unclass(unname(w)), scores = unname((z %*% w)[1:8, ]))
  })
}
pairs_of <- function(x) {
  p <- ncol(x); tables <- list()
  for (i in 1:(p - 1)) for (j in (i + 1):p) tables[[length(tables) + 1]] <- as.numeric(t(table(x[, i], x[, j])))
  do.call(rbind, tables)
}
ordinal <- function(x, missing = "listwise") {
  found <- suppressWarnings(lavCor(as.data.frame(x), ordered = names(x), missing = missing, output = "cor"))
  cuts <- suppressWarnings(lavCor(as.data.frame(x), ordered = names(x), missing = missing, output = "th"))
  list(correlation = unclass(found), thresholds = as.numeric(cuts))
}

data(bfi, package = "psych")
b <- na.omit(bfi[, 1:25]); row.names(b) <- NULL
R <- cor(b)
store("bfi", c(list(items = names(b), n = nrow(b), k = 5, correlation = unname(R), pairs = pairs_of(b), polychoric = ordinal(b)), analysed(R, nrow(b), 5)))

R <- as.matrix(read.csv(file.path(published, "babakus_boller_1992_correlations.csv"), row.names = 1))
store("babakus_boller", c(list(items = colnames(R), n = 502, k = 4), analysed(R, 502, 4)))

R <- Thurstone
store("thurstone", c(list(items = gsub("[^A-Za-z]", "_", colnames(R)), n = 213, k = 3, correlation = unname(R)), analysed(R, 213, 3)))

x <- read.csv(file.path(simulated, "skewed.csv")); weight <- x$weight; x <- x[, names(x) != "weight"]
R <- cor(x, use = "pairwise"); complete <- na.omit(x); full <- cor(complete)
store("skewed", c(list(items = names(x), n = nrow(x), k = 3, pairwise = unname(R),
  weighted = unname(cov.wt(complete, wt = weight[complete.cases(x)], cor = TRUE)$cor), listwise = unname(full),
  n_listwise = nrow(complete), polychoric = ordinal(x, "pairwise"), scores = scored(complete, full, 3)),
  analysed(full, nrow(complete), 3)))

x <- read.csv(file.path(simulated, "mixed.csv"))
ordered <- ordinal(x); R <- ordered$correlation
store("mixed", c(list(items = names(x), n = nrow(x), k = 2, polychoric = ordered), analysed(R, nrow(x), 2)))

broken <- matrix(c(1, .9, -.8, .1, .9, 1, .9, .2, -.8, .9, 1, .3, .1, .2, .3, 1), 4)
store("smoothed", list(before = broken, after = suppressWarnings(cor.smooth(broken))))
store("versions", list(R = paste(R.version$major, R.version$minor, sep = "."), psych = as.character(packageVersion("psych")),
  GPArotation = as.character(packageVersion("GPArotation")), lavaan = as.character(packageVersion("lavaan"))))
