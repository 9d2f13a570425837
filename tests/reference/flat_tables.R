# Polychoric correlations of tables that hardly say what they are, by lavaan.
#
#   Rscript flat_tables.R FOLDER_FOR_RESULTS
#
# Nobody, or next to nobody, chose one point of the second item: the likelihood is flat from about -.8 on. One table of
# the same size that has a clear maximum stands beside them.
suppressMessages(library(lavaan))
out <- commandArgs(trailingOnly = TRUE)[1]
tables <- list(
  flat_400 = rbind(c(0, 10), c(0, 13), c(0, 64), c(2, 311)),
  flat_80 = rbind(c(0, 1), c(0, 2), c(0, 21), c(3, 53)),
  clear = rbind(c(9, 4), c(12, 13), c(20, 44), c(30, 111))
)
rows <- lapply(names(tables), function(name) {
  t <- tables[[name]]
  answers <- data.frame(a = ordered(rep(row(t), t)), b = ordered(rep(col(t), t)))
  r <- suppressWarnings(unclass(lavCor(answers, ordered = c("a", "b"), output = "cor"))[1, 2])
  data.frame(table = name, a = c(row(t)), b = c(col(t)), count = c(t), correlation = sprintf("%.10f", r))
})
write.csv(do.call(rbind, rows), file.path(out, "flat_tables.csv"), row.names = FALSE, quote = FALSE)
