//! Every row of the media specifications (doc: IG User Media), with a file that ffmpeg made and that is taken, and one that is
//! refused. Without ffmpeg these tests say that they are skipped, unless everything is to be tested.

use super::Author;
use bytes::Bytes;
use graph_api::Host;
use serde_json::{Value, json};
use testkit::media::{Served, ffmpeg};

/// A reel of four seconds without sound, before what a case says otherwise.
const PICTURE: &str = "-f lavfi -i testsrc=s=180x320:r=30:d=4";
const ENCODE: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -use_editlist 0 -movflags +faststart";
const SOUND: &str = "-f lavfi -i anoisesrc=d=4:a=0.5";

/// A video made of arguments.
struct Made {
    file: Bytes,
    name: String,
}

fn made(arguments: &str, extension: &str) -> Option<Made> {
    let file = ffmpeg::make(arguments, extension)?;
    Some(Made { file, name: format!("/made.{extension}") })
}

/// The reason why a video is refused as a reel or story; empty if it is taken.
async fn reason(author: &Author, kind: &str, video: &Made) -> String {
    let url = author.media.serve(&video.name, Served::File(video.file.clone()));
    let container = author.container(json!({"media_type": kind, "video_url": url})).await;
    author.sandbox.advance("3s").await;
    let (code, text) = author.status(&container).await;
    let path = format!("/sim/accounts/{}/containers", author.username());
    let shown = author.sandbox.get(&path).ok().await.json();
    let reason = shown["containers"][0]["reason"].as_str().unwrap_or_default().to_owned();
    let wanted = match reason.is_empty() {
        true => ("FINISHED", "Finished: Media has been uploaded and it is ready to be published."),
        false => ("ERROR", "Error: Media upload has failed with error code 2207026"),
    };
    assert_eq!((code.as_str(), text.as_str()), wanted, "{reason}");
    reason
}

/// A row: arguments and kind of the file that is taken, those of the file that is refused, and a word of the reason.
type Row<'a> = (&'a str, (String, &'a str), (String, &'a str), &'a str);

fn usual(source: &str, more: &str) -> String {
    format!("{source} {ENCODE} {more}")
}

async fn check(rows: &[Row<'_>]) {
    let author = Author::new(Host::Facebook).await;
    for (row, taken, refused, word) in rows {
        let (Some(good), Some(bad)) = (made(&taken.0, taken.1), made(&refused.0, refused.1)) else { return };
        assert_eq!(reason(&author, "REELS", &good).await, "", "{row}: {}", taken.0);
        let told = reason(&author, "REELS", &bad).await;
        assert!(told.contains(word), "{row}: {}: {told:?}", refused.0);
    }
}

fn picture(more: &str) -> (String, &'static str) {
    (usual(PICTURE, more), "mp4")
}

fn source(size: &str, rate: &str, seconds: u32) -> (String, &'static str) {
    let source = format!("-f lavfi -i testsrc=s={size}:r={rate}:d={seconds}");
    (usual(&source, ""), "mp4")
}

fn sound(source: &str, more: &str) -> (String, &'static str) {
    (format!("{PICTURE} {source} {ENCODE} -shortest {more}"), "mp4")
}

#[tokio::test]
async fn containers_of_files() {
    let behind = ENCODE.replace("-movflags +faststart", "");
    let edited = ENCODE.replace("-use_editlist 0", "");
    check(&[
        ("container", (usual(PICTURE, ""), "mp4"), (usual(PICTURE, ""), "mkv"), "not MP4 or MOV"),
        (
            "container",
            (usual(PICTURE, ""), "mov"),
            (format!("{PICTURE} -c:v libvpx"), "webm"),
            "not MP4 or MOV",
        ),
        ("moov first", picture(""), (format!("{PICTURE} {behind}"), "mp4"), "behind the pictures"),
        // An edit list that cuts nothing is none.
        (
            "edit list",
            (format!("{PICTURE} {edited}"), "mp4"),
            (format!("{PICTURE} {SOUND} {edited} -c:a aac -shortest"), "mp4"),
            "edit list",
        ),
        (
            "fragments",
            picture(""),
            (format!("{PICTURE} -c:v libx264 -preset ultrafast -movflags frag_keyframe+empty_moov"), "mp4"),
            "fragments",
        ),
    ])
    .await;
}

#[tokio::test]
async fn pictures_of_videos() {
    check(&[
        ("codec", picture(""), picture("-c:v mpeg4"), "video codec"),
        ("columns", source("1920x1080", "30", 3), source("2048x1080", "30", 3), "columns"),
        ("least aspect", source("16x1600", "30", 3), source("16x1920", "30", 3), "aspect"),
        ("most aspect", source("1600x160", "30", 3), source("1920x176", "30", 3), "aspect"),
        ("least rate", source("64x64", "23", 4), source("64x64", "22", 4), "pictures a second"),
        ("most rate", source("64x64", "60", 4), source("64x64", "61", 4), "pictures a second"),
        (
            "rate of television",
            source("64x64", "24000/1001", 4),
            source("64x64", "15", 4),
            "pictures a second",
        ),
        ("least length", source("64x64", "30", 3), source("64x64", "30", 2), "lasts"),
        ("most length", source("64x64", "24", 900), source("64x64", "24", 901), "lasts"),
        ("progressive", picture("-x264opts interlaced=0"), picture("-x264opts interlaced=1"), "interlaced"),
        (
            "closed groups",
            picture("-x264opts keyint=30:bframes=2:open-gop=0:scenecut=0"),
            picture("-x264opts keyint=30:bframes=2:open-gop=1:scenecut=0"),
            "open groups",
        ),
        ("colours", picture(""), picture("-pix_fmt yuv444p"), "4:2:0"),
        ("colours", picture(""), picture("-pix_fmt yuv422p"), "4:2:0"),
        (
            "bit rate",
            picture("-vf noise=alls=100:allf=t,scale=960:540 -b:v 20M -maxrate 20M -bufsize 10M"),
            picture("-vf noise=alls=100:allf=t,scale=960:540 -qp 10"),
            "bits a second",
        ),
    ])
    .await;
}

#[tokio::test]
async fn hevc() {
    let hevc =
        |options: &str| picture(&format!("-c:v libx265 -tag:v hvc1 -x265-params log-level=none:{options}"));
    check(&[
        (
            "closed groups",
            hevc("keyint=30:open-gop=0:bframes=2"),
            hevc("keyint=30:open-gop=1:bframes=2"),
            "open groups",
        ),
        (
            "colours",
            hevc("open-gop=0"),
            picture("-c:v libx265 -tag:v hvc1 -pix_fmt yuv444p -x265-params log-level=none:open-gop=0"),
            "4:2:0",
        ),
    ])
    .await;
}

#[tokio::test]
async fn sounds() {
    let quiet = "-f lavfi -i sine=d=4";
    check(&[
        ("codec", sound(quiet, "-c:a aac"), sound(quiet, "-c:a libmp3lame"), "audio codec"),
        ("codec", sound(quiet, "-c:a aac"), sound(quiet, "-c:a ac3"), "audio codec"),
        (
            "samples",
            sound(quiet, "-c:a aac -ar 48000"),
            sound(quiet, "-c:a aac -ar 96000"),
            "samples a second",
        ),
        (
            "channels",
            sound(quiet, "-c:a aac -ac 1"),
            sound(quiet, "-c:a aac -ac 6"),
            "neither mono nor stereo",
        ),
        (
            "bit rate",
            sound(SOUND, "-c:a aac -ac 2 -b:a 128k"),
            sound(SOUND, "-c:a aac -ac 2 -b:a 256k"),
            "bits a second",
        ),
    ])
    .await;
}

#[tokio::test]
async fn stories() {
    let author = Author::new(Host::Facebook).await;
    let long = |seconds: u32| source("64x64", "24", seconds);
    for ((taken, kind), (refused, _), word) in [
        (long(60), long(61), "lasts"),
        (long(3), long(2), "lasts"),
        (source("32x320", "30", 3), source("16x320", "30", 3), "aspect"),
        (source("1600x160", "30", 3), source("1920x176", "30", 3), "aspect"),
    ] {
        let (Some(good), Some(bad)) = (made(&taken, kind), made(&refused, kind)) else { return };
        assert_eq!(reason(&author, "STORIES", &good).await, "", "{taken}");
        let told = reason(&author, "STORIES", &bad).await;
        assert!(told.contains(word), "{refused}: {told:?}");
    }
}

/// What is merely forbidden can be let through.
#[tokio::test]
async fn lenient_videos() {
    let author = Author::new(Host::Facebook).await;
    let loud = format!(
        "{PICTURE} {SOUND} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2 -b:a 256k -shortest"
    );
    let Some(video) = made(&loud, "mp4") else { return };
    assert!(!reason(&author, "REELS", &video).await.is_empty());
    author.set(json!({"lenient_video_formats": true})).await;
    assert_eq!(reason(&author, "REELS", &video).await, "");
}

#[tokio::test]
async fn pictures() {
    let author = Author::new(Host::Instagram).await;
    let still = |size: &str, more: &str| format!("-f lavfi -i testsrc=s={size}:d=1 -frames:v 1 {more}");
    let noise = "-vf noise=alls=100:allf=t -q:v 1";
    let taken: &[(String, &str, Value)] = &[
        (still("1080x1080", ""), "jpg", json!({})),
        (still("1080x1350", ""), "jpg", json!({})),
        (still("1080x566", ""), "jpg", json!({})),
        (still("160x160", ""), "jpg", json!({})),
        (still("2000x2000", ""), "jpg", json!({})),
        (still("1080x1920", ""), "jpg", json!({"media_type": "STORIES"})),
        (still("1080x1080", ""), "jpg", json!({"is_carousel_item": true})),
        (still("1440x1440", noise), "jpg", json!({})),
    ];
    let refused: &[(String, &str, Value, i64)] = &[
        (still("1080x1080", ""), "png", json!({}), 2_207_005),
        (still("1080x1080", ""), "gif", json!({}), 2_207_005),
        (still("1080x1080", ""), "bmp", json!({}), 2_207_052),
        (still("1080x1440", ""), "jpg", json!({}), 2_207_009),
        (still("1080x540", ""), "jpg", json!({}), 2_207_009),
        (still("1080x1440", ""), "jpg", json!({"is_carousel_item": true}), 2_207_009),
        (still("1080x1920", ""), "png", json!({"media_type": "STORIES"}), 2_207_005),
        (still("6000x6000", noise), "jpg", json!({}), 2_207_004),
        (still("6000x6000", noise), "jpg", json!({"media_type": "STORIES"}), 2_207_004),
    ];
    let url = |made: &Made| author.media.serve(&made.name, Served::File(made.file.clone()));
    let body = |url: String, more: &Value| {
        let mut body = more.clone();
        body["image_url"] = url.into();
        body
    };
    for (arguments, kind, more) in taken {
        let Some(file) = made(arguments, kind) else { return };
        author.container(body(url(&file), more)).await;
    }
    for (arguments, kind, more, subcode) in refused {
        let Some(file) = made(arguments, kind) else { return };
        let answer = author.create(body(url(&file), more)).await;
        assert_eq!(answer.error().2, *subcode, "{arguments}: {}", answer.text());
    }
    // A reel's cover.
    for (size, kind, subcode) in [("1080x1920", "jpg", 0), ("1080x1920", "png", 2_207_005)] {
        let Some(file) = made(&still(size, ""), kind) else { return };
        let body = json!({"media_type": "REELS", "video_url": author.movie(), "cover_url": url(&file)});
        assert_eq!(author.create(body).await.json()["error"]["error_subcode"].as_i64().unwrap_or(0), subcode);
    }
}
