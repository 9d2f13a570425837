# Vectors for gap scores, made by R: run in this folder with `Rscript gaps.R`.
# R 4.2.2, survey 4.1-1. Writes gaps/*.csv; figures with 15 digits.
suppressMessages(library(survey))
options(digits = 15)
dir.create("gaps", showWarnings = FALSE)
exact <- function(x, file) write.csv(x, file.path("gaps", file), quote = FALSE, row.names = FALSE, na = "")

# 60 respondents in three groups, five items on 1-7 in two dimensions, weights, some unanswered
RNGversion("4.2.0"); set.seed(19880401)
n <- 60
group <- sample(c("north", "south", "west"), n, TRUE, c(.5, .3, .2))
level <- rnorm(n)
points <- function(centre) sapply(centre, function(m) pmin(7, pmax(1, round(m + .7 * level + rnorm(n)))))
E <- points(c(6.2, 6, 5.8, 6.4, 6.1)); P <- points(c(5.1, 5, 5.6, 4.4, 5.2) )
E[cbind(sample(n, 9), sample(5, 9, TRUE))] <- NA
P[cbind(sample(n, 9), sample(5, 9, TRUE))] <- NA
w <- round(exp(rnorm(n, 0, .5)), 3)
ids <- sprintf("q%02d", 1:5)
answers <- data.frame(E, P, weight = w, group = group)
names(answers)[1:10] <- c(paste0("E_", ids), paste0("P_", ids))
exact(answers, "answers.csv")

pair <- !is.na(E) & !is.na(P)
E[!pair] <- NA; P[!pair] <- NA
by_dimension <- function(x) cbind(front = rowMeans(x[, 1:3], na.rm = TRUE), back = rowMeans(x[, 4:5], na.rm = TRUE))
levels_of <- function(x) { d <- by_dimension(x); d[is.nan(d)] <- NA; cbind(x, d, overall = rowMeans(d, na.rm = TRUE)) }
e <- levels_of(E); p <- levels_of(P)
colnames(e)[1:5] <- colnames(p)[1:5] <- ids

# unweighted: the paired t test, Holm within items and within dimensions
plain <- do.call(rbind, lapply(colnames(e), function(id) {
  test <- t.test(p[, id], e[, id], paired = TRUE)
  g <- p[, id] - e[, id]
  data.frame(id, n = sum(!is.na(g)), gap = mean(g, na.rm = TRUE), sd = sd(g, na.rm = TRUE), low = test$conf.int[1],
             high = test$conf.int[2], t = test$statistic, df = test$parameter, p = test$p.value,
             r_EP = cor(e[, id], p[, id], use = "complete.obs"))
}))
family <- rep(c("items", "dimensions", "overall"), c(5, 2, 1))
plain$p_holm <- ave(plain$p, family, FUN = function(x) p.adjust(x, "holm"))
exact(plain, "plain.csv")

# weighted: independent draws with replacement, one design per column because each has its own pairs
weighted <- do.call(rbind, lapply(colnames(e), function(id) {
  own <- data.frame(E = e[, id], P = p[, id], w = w)[!is.na(e[, id]), ]
  design <- svydesign(ids = ~1, weights = ~w, data = transform(own, gap = P - E))
  m <- svymean(~gap + E + P, design)
  v <- svyvar(~gap + E + P, design)
  data.frame(id, n = nrow(own), E = coef(m)[["E"]], P = coef(m)[["P"]], gap = coef(m)[["gap"]],
             se = SE(m)[1], sd = sqrt(v[1, 1]), r_EP = cov2cor(as.matrix(v))["E", "P"])
}))
exact(weighted, "weighted.csv")

# between groups: Welch's test
groups <- do.call(rbind, lapply(c("front", "back", "overall"), function(id) {
  test <- oneway.test(g ~ group, data.frame(g = p[, id] - e[, id], group), var.equal = FALSE)
  data.frame(id, F = test$statistic, df1 = test$parameter[[1]], df2 = test$parameter[[2]], p = test$p.value)
}))
exact(groups, "groups.csv")
