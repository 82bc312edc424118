/** Cholesky's factor of a symmetric positive definite matrix (row-major, lower triangle read), in place. */
export function factor(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      // Rounding may leave a pivot of a nearly flat direction at or below zero.
      matrix[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * size + j]!;
    }
  }
}

/** Solves with {@link factor}'s result; `vector` becomes the solution. */
export function solve(lower: Float64Array, size: number, vector: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = vector[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * vector[k]!;
    vector[i] = sum / lower[i * size + i]!;
  }
  // Row by row, so that the factor is read in the order in which it lies in memory.
  for (let i = size - 1; i >= 0; i--) {
    const value = vector[i]! / lower[i * size + i]!;
    vector[i] = value;
    for (let k = 0; k < i; k++) vector[k]! -= lower[i * size + k]! * value;
  }
}
