// Figures as text: the median, followed by its 95 % confidence interval.

const digits = (value) => (Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);

export const number = (value) => value.toFixed(digits(value));

const signed = (value) => (value >= 0 ? '+' : '') + number(value);

function write(summary, unit, text) {
  const { median, low, high, n } = summary;
  return n < 3 ? `${text(median)} ${unit}` : `${text(median)} ${unit} (${text(low)} to ${text(high)})`;
}

/** An absolute figure: `5.10 ms (4.90 to 5.60)`. */
export const plain = (summary, unit) => write(summary, unit, number);

/** A difference from bare: `+0.42 us (+0.20 to +0.61)`. */
export const added = (summary, unit) => write(summary, unit, signed);
