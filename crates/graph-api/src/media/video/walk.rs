//! Where the header of a movie stands in its file: a walk over the outermost boxes (ISO 14496-12, section 4.2).

use std::ops::Range;

/// The largest header that is read, in bytes. A quarter of an hour at 60 pictures a second has less than two megabytes.
const HEADER: u64 = 16 << 20;
/// More boxes than this are not looked at.
const BOXES: u32 = 1000;
/// The longest header of a box.
const LONGEST: u64 = 16;

/// The walk: asks for parts of the file, one after the other, until it knows.
#[derive(Clone, Debug)]
pub struct Walk {
    size: u64,
    at: u64,
    boxes: u32,
    header: Option<Range<u64>>,
    is_header_first: bool,
    has_media: bool,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Walking,
    Ended,
    Broken(&'static str),
}

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The header, the box `moov`, in the file.
    pub header: Range<u64>,
    /// It stands before the pictures and sounds.
    pub is_header_first: bool,
}

impl Walk {
    /// A walk through a file of that size.
    pub fn new(size: u64) -> Self {
        let (header, state) = (None, State::Walking);
        Self { size, at: 0, boxes: 0, header, is_header_first: false, has_media: false, state }
    }

    /// The part of the file that is to be looked at next; `None`: the walk is over.
    pub fn next(&self) -> Option<Range<u64>> {
        let is_on = matches!(self.state, State::Walking) && self.at < self.size;
        is_on.then(|| self.at..(self.at + LONGEST).min(self.size))
    }

    /// Takes the bytes of that part.
    pub fn give(&mut self, bytes: &[u8]) {
        match self.look(bytes) {
            Ok(next) => self.at = next,
            Err(state) => self.state = state,
        }
    }

    fn look(&mut self, bytes: &[u8]) -> Result<u64, State> {
        let broken = |why| Err(State::Broken(why));
        let (Some(size), Some(kind)) = (bytes.first_chunk::<4>(), bytes.get(4..8)) else {
            return broken("its boxes are cut off");
        };
        let size = match u32::from_be_bytes(*size) {
            0 => self.size - self.at,
            1 => match bytes.get(8..16).and_then(|long| <[u8; 8]>::try_from(long).ok()) {
                Some(long) => u64::from_be_bytes(long),
                None => return broken("its boxes are cut off"),
            },
            size => u64::from(size),
        };
        let Some(end) = self.at.checked_add(size).filter(|end| size >= 8 && *end <= self.size) else {
            return broken("its boxes do not fit into the file");
        };
        match kind {
            b"moov" if size > HEADER => return broken("its header is too large"),
            b"moov" => {
                self.header = Some(self.at..end);
                self.is_header_first = !self.has_media;
            }
            b"moof" => return broken("it is made of fragments"),
            b"mdat" => self.has_media = true,
            _ => {}
        }
        self.boxes += 1;
        if self.boxes >= BOXES || (self.header.is_some() && self.has_media) {
            return Err(State::Ended);
        }
        Ok(end)
    }

    /// What was found, or in words why nothing was.
    pub fn found(self) -> Result<Found, &'static str> {
        match (self.state, self.header) {
            (State::Broken(why), _) => Err(why),
            (_, Some(header)) => Ok(Found { header, is_header_first: self.is_header_first }),
            (_, None) => Err("it has no header"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(file: &[u8]) -> Result<Found, &'static str> {
        let mut walk = Walk::new(file.len() as u64);
        while let Some(part) = walk.next() {
            let part = part.start as usize..part.end as usize;
            walk.give(&file[part]);
        }
        walk.found()
    }

    fn a_box(kind: &[u8; 4], size: u32) -> Vec<u8> {
        let mut bytes = [&size.to_be_bytes()[..], kind].concat();
        bytes.resize(size as usize, 0);
        bytes
    }

    #[test]
    fn the_header_is_found_before_and_after_the_pictures() {
        let (kind, free) = (a_box(b"ftyp", 20), a_box(b"free", 8));
        let (header, media) = (a_box(b"moov", 100), a_box(b"mdat", 1000));
        let first = [&kind[..], &free, &header, &media].concat();
        assert_eq!(walked(&first), Ok(Found { header: 28..128, is_header_first: true }));
        let last = [&kind[..], &media, &header].concat();
        assert_eq!(walked(&last), Ok(Found { header: 1020..1120, is_header_first: false }));
        // A length of 64 bits, and one to the end of the file.
        let long = [&1_u32.to_be_bytes()[..], b"mdat", &24_u64.to_be_bytes(), &[0; 8]].concat();
        let open = [&0_u32.to_be_bytes()[..], b"moov", &[0; 12]].concat();
        assert_eq!(
            walked(&[&kind[..], &long, &open].concat()),
            Ok(Found { header: 44..64, is_header_first: false })
        );
    }

    #[test]
    fn what_is_no_movie_is_told() {
        let kind = a_box(b"ftyp", 20);
        for (rest, why) in [
            (a_box(b"mdat", 50), "it has no header"),
            (a_box(b"moof", 50), "it is made of fragments"),
            (a_box(b"moov", 50)[..30].to_vec(), "its boxes do not fit into the file"),
            (vec![0, 0, 0, 7, b'f', b'r', b'e', b'e'], "its boxes do not fit into the file"),
            (vec![0, 0, 0], "its boxes are cut off"),
            (vec![0, 0, 0, 1, b'm', b'o', b'o', b'v', 0, 0], "its boxes are cut off"),
            (
                [&1_u32.to_be_bytes()[..], b"moov", &u64::MAX.to_be_bytes()].concat(),
                "its boxes do not fit into the file",
            ),
        ] {
            assert_eq!(walked(&[&kind[..], &rest].concat()), Err(why), "{}", rest.escape_ascii());
        }
        assert_eq!(walked(b""), Err("it has no header"));
        let many = [&kind[..], &a_box(b"free", 8).repeat(2000), &a_box(b"moov", 8)].concat();
        assert_eq!(walked(&many), Err("it has no header"));
    }
}
