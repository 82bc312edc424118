# Reference numbers for the ranking from R's own packages: BradleyTerry2 (no ties) and psychotools (Davidson's ties),
# both maximum likelihood without a prior. Debian: apt-get install r-cran-bradleyterry2 r-cran-psychotools; then, in this
# folder, `Rscript make_goldens.R > goldens-r.json`. Made with R 4.2.2, BradleyTerry2 1.1.2, psychotools 0.7.2.
suppressMessages({library(BradleyTerry2); library(psychotools)})

numbers <- function(x) paste0("[", paste(sprintf("%.12g", x), collapse = ", "), "]")
centred <- function(x) x - mean(x)

# Pairs as [earlier, later, later wins, ties, earlier wins].
entry <- function(pairs, strengths, ties)
  sprintf('{"pairs": [%s], "strengths": %s, "ties": %.12g}',
          paste(apply(pairs, 1, numbers), collapse = ", "), numbers(centred(strengths)), ties)

bradley_terry <- function(pairs) {
  n <- max(pairs[, 2]) + 1
  names <- paste0("c", 0:(n - 1))
  won <- data.frame(later = factor(names[pairs[, 2] + 1], names), earlier = factor(names[pairs[, 1] + 1], names),
                    up = pairs[, 3], down = pairs[, 5])
  fit <- BTm(cbind(up, down), later, earlier, data = won, epsilon = 1e-13)
  abilities <- BTabilities(fit)
  entry(pairs, abilities[names, "ability"], 0)
}

davidson <- function(pairs) {
  n <- max(pairs[, 2]) + 1
  # One row per comparison: 1 where the first of the two won, -1 where the second did.
  judged <- paircomp(do.call(rbind, lapply(seq_len(max(rowSums(pairs[, 3:5]))), function(i) {
    sapply(seq_len(nrow(pairs)), function(p) {
      r <- c(rep(-1, pairs[p, 3]), rep(0, pairs[p, 4]), rep(1, pairs[p, 5]))
      if (i <= length(r)) r[i] else NA
    })
  })), labels = paste0("c", 0:(n - 1)))
  fit <- btmodel(judged, undecided = TRUE, epsilon = 1e-14, maxit = 100)
  # The last column is the reference.
  entry(pairs, c(coef(fit)[seq_len(n - 1)], 0), exp(coef(fit)[["(undecided)"]]))
}

# Citations between four statistics journals (Stigler 1994; Agresti, Categorical Data Analysis), as BradleyTerry2 ships them.
data(citations)
wins <- function(a, b) citations[a, b] # cited, citing
cited <- do.call(rbind, lapply(1:3, function(a) do.call(rbind, lapply((a + 1):4, function(b)
  c(a - 1, b - 1, wins(b, a), 0, wins(a, b))))))

# Five columns, all pairs on 50 prompts, in the order that psychotools wants: (0,1), (0,2), (1,2), (0,3), ...
set.seed(11)
truth <- c(-0.9, -0.2, 0, 0.4, 0.7)
tied <- do.call(rbind, lapply(1:4, function(b) do.call(rbind, lapply(0:(b - 1), function(a) {
  d <- truth[b + 1] - truth[a + 1]
  share <- c(exp(d / 2), 0.6, exp(-d / 2))
  c(a, b, rmultinom(1, 50, share / sum(share)))
}))))

cat(sprintf('{\n "citations": %s,\n "plain": %s,\n "ties": %s\n}\n', bradley_terry(cited),
            bradley_terry(cbind(tied[, 1:3], 0, 50 - tied[, 3])), davidson(tied)))
