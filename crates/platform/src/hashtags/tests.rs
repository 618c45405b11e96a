//! Hashtag search, through the public interface.
