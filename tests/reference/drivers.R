# Vectors for derived importance, made by base R 4.2.2 (no packages), 17 digits:
#   Rscript tests/reference/drivers.R tests/reference/drivers/answers.csv tests/reference/drivers
# answers.csv is datasets::attitude (Chatterjee & Price 1977) with made-up weights; written where it is not there yet.
# Any other file with the columns outcome, weight and at most 12 predictors will do.
options(digits = 17)
given <- commandArgs(TRUE)
dir.create(given[2], showWarnings = FALSE)
exact <- function(x, file) write.csv(format(x, digits = 17), file.path(given[2], file), quote = FALSE, row.names = FALSE)
if (!file.exists(given[1])) {
  a <- datasets::attitude
  a$weight <- rep(c(.5, 1, 1, 2, 1.25), 6)
  names(a)[1] <- "outcome"
  write.csv(a, given[1], quote = FALSE, row.names = FALSE)
}
answers <- read.csv(given[1])
predictors <- setdiff(names(answers), c("outcome", "weight"))
p <- length(predictors)

r2_of <- function(subset, w) {
  if (length(subset) == 0) return(0)
  summary(lm(reformulate(subset, "outcome"), answers, weights = w))$r.squared
}

general_dominance <- function(w) sapply(predictors, function(own) {
  others <- setdiff(predictors, own)
  mean(sapply(0:(p - 1), function(size) {
    sets <- if (size == 0) list(character(0)) else combn(others, size, simplify = FALSE)
    mean(sapply(sets, function(s) r2_of(c(s, own), w) - r2_of(s, w)))
  }))
})

relative_weights <- function(r) {
  inner <- r[predictors, predictors]; outer <- r[predictors, "outcome"]
  e <- eigen(inner, symmetric = TRUE)
  lambda <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  as.vector(lambda^2 %*% solve(lambda, outer)^2)
}

figures <- function(w, file) {
  cov <- cov.wt(answers[c(predictors, "outcome")], w / sum(w), cor = TRUE)
  whole <- lm(reformulate(predictors, "outcome"), answers, weights = w)
  sd <- sqrt(diag(cov$cov))
  vif <- sapply(predictors, function(own) {
    1 / (1 - summary(lm(reformulate(setdiff(predictors, own), own), answers, weights = w))$r.squared)
  })
  values <- eigen(cov$cor[predictors, predictors])$values
  exact(data.frame(
    predictor = predictors, johnson = relative_weights(cov$cor), dominance = general_dominance(w),
    r = cov$cor[predictors, "outcome"], beta = coef(whole)[predictors] * sd[predictors] / sd["outcome"], vif,
    r2 = summary(whole)$r.squared, adjusted_r2 = summary(whole)$adj.r.squared,
    condition = sqrt(values[1] / values[p])), file)
}
figures(rep(1, nrow(answers)), "plain.csv")
figures(answers$weight, "weighted.csv")

# penalty and reward of the first two predictors: dummies beyond the thirds (quantile type 2), HC1 sandwich by hand
penalty_reward <- function(w, file) {
  own <- predictors[1:2]
  cuts <- sapply(own, function(v) quantile(answers[[v]], c(1, 2) / 3, type = 2))
  low <- sapply(own, function(v) answers[[v]] <= cuts[1, v]); high <- sapply(own, function(v) answers[[v]] >= cuts[2, v])
  X <- cbind(1, low, high) + 0
  fit <- lm(answers$outcome ~ 0 + X, weights = w)
  bread <- solve(crossprod(X * sqrt(w)))
  n <- nrow(X); k <- ncol(X)
  V <- n / (n - k) * bread %*% crossprod(X * w * residuals(fit)) %*% bread
  b <- unname(coef(fit)); t <- qt(.975, n - k)
  at <- function(j) { to <- rep(0, k); to[c(1 + j, 3 + j)] <- 1; to }
  se <- sapply(1:2, function(j) sqrt(t(at(j)) %*% V %*% at(j)))
  contrast <- b[2:3] + b[4:5]
  exact(data.frame(dimension = own, low_cut = cuts[1, ], high_cut = cuts[2, ], penalty = -b[2:3], reward = b[4:5], contrast,
    contrast_low = contrast - t * se, contrast_high = contrast + t * se,
    penalty_low = -b[2:3] - t * sqrt(diag(V))[2:3], reward_high = b[4:5] + t * sqrt(diag(V))[4:5]), file)
}
penalty_reward(rep(1, nrow(answers)), "penalty_plain.csv")
