//! Numbers in as few bytes as they need.

/// Seven bits a byte, the lowest first.
pub(in crate::metric) fn write(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

/// Reads one and moves on.
pub(in crate::metric) fn read(rest: &mut &[u8]) -> Option<u64> {
    let (byte, after) = rest.split_first()?;
    if byte & 0x80 == 0 {
        // Nearly all are as short as that.
        *rest = after;
        return Some(u64::from(*byte));
    }
    let (mut number, mut shift) = (0, 0);
    while shift < u64::BITS {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
    None
}

/// The same of numbers that may be negative: small ones are short either way.
pub(in crate::metric) fn write_signed(bytes: &mut Vec<u8>, number: i64) {
    write(bytes, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

/// Reads one of those.
pub(in crate::metric) fn read_signed(rest: &mut &[u8]) -> Option<i64> {
    let number = read(rest)?;
    Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
}
