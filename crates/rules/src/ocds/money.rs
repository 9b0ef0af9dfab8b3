//! Amounts in a currency's smallest unit.

use serde_json::Number;

/// Digits after the point in a currency's amounts, by ISO 4217. Two for a code that is not known.
fn digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF"
        | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// The amount in the currency's smallest unit, halves away from zero; `None` when it does not fit.
pub(super) fn minor(amount: &Number, currency: &str) -> Option<i64> {
    let digits = digits(currency);
    if let Some(whole) = amount.as_i64() {
        return whole.checked_mul(10_i64.checked_pow(digits)?);
    }
    // The shortest text of a floating number is what was written; binary fractions never come in.
    let text = amount.to_string();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text.as_str(), 0),
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or((1, mantissa), |rest| (-1, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent + i32::try_from(digits).ok()? - i32::try_from(fraction.len()).ok()?;
    let scaled = match u32::try_from(shift) {
        Ok(up) => number.checked_mul(10_i128.checked_pow(up)?)?,
        Err(_) => {
            let down = 10_i128.checked_pow(shift.unsigned_abs());
            down.map_or(0, |down| (number + down / 2) / down)
        }
    };
    i64::try_from(sign * scaled).ok()
}

#[cfg(test)]
mod tests;
