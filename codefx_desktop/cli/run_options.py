"""The options of ``codefx run``, in the panels of its help."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from codefx_desktop.domain.job import QualityPreset, SessionKind
from codefx_desktop.domain.scene import SceneKind

STAGES = "What is looked for"
ARTIFACTS = "Artifacts"
STOPS = "Pit stops"
DETAILS = "Details of the stages"
MODELS = "Detector and device"
VIDEO = "Results"
CLIP = "About the clip"

ProfileOption = Annotated[
    str,
    typer.Option(
        help="pitstop, video, everything, or one of your own. What no switch changes is as in it.",
        rich_help_panel=STAGES,
    ),
]
ScenesOption = Annotated[
    bool | None,
    typer.Option(
        "--scenes/--no-scenes",
        help="Cuts.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
DetectOption = Annotated[
    bool | None,
    typer.Option(
        "--detect/--no-detect",
        help="Objects, with tracks.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
SegmentOption = Annotated[
    bool | None,
    typer.Option(
        "--segment/--no-segment",
        help="Objects with outlines, in the frames with artifacts.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
FacesOption = Annotated[
    bool | None,
    typer.Option(
        "--faces/--no-faces",
        help="Faces, in the frames with artifacts.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
EventsOption = Annotated[
    bool | None,
    typer.Option(
        "--events/--no-events",
        help="Pit stops, each taken apart.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
EveryFrameOption = Annotated[
    bool | None,
    typer.Option(
        "--every-frame/--no-every-frame",
        help="Outlines and faces in every frame.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
BlurOption = Annotated[
    bool | None,
    typer.Option(
        "--blur-faces/--no-blur-faces",
        help="Faces that are found cannot be recognised in any picture or video written.",
        show_default=False,
        rich_help_panel=STAGES,
    ),
]
ArtifactsOption = Annotated[
    str | None,
    typer.Option(
        metavar="FRAMES",
        help="Frames that get pictures, JSON and TOON: none, scenes (the middle of each), "
        "scenes:3 (first, middle, last), every:15, rate:2 (per second), events (nearest to each "
        "event of a stop), all.",
        show_default=False,
        rich_help_panel=ARTIFACTS,
    ),
]
SceneDetectorOption = Annotated[
    SceneKind | None,
    typer.Option(help="What a cut is told by.", show_default=False, rich_help_panel=DETAILS),
]
SceneThresholdOption = Annotated[
    float | None,
    typer.Option(
        metavar="X",
        help="In the scene detector's own measure; usually content 27, adaptive 3, hash 0.35, "
        "threshold 12.",
        show_default=False,
        rich_help_panel=DETAILS,
    ),
]
ShortestSceneOption = Annotated[
    int | None,
    typer.Option(
        metavar="FRAMES",
        help="Scenes that a cut ends are at least so long; usually 15.",
        show_default=False,
        rich_help_panel=DETAILS,
    ),
]
TemplateOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Events a stop has: f1, indycar, imsa (and WEC), nascar, or one of your own.",
        show_default="the profile's, else f1",
        rich_help_panel=STOPS,
    ),
]
ZonesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Zones on the picture, in the place of the camera's own.",
        show_default=False,
        rich_help_panel=STOPS,
    ),
]
ZonesSizeOption = Annotated[
    str | None,
    typer.Option(
        metavar="WxH",
        help="Picture that zones in pixels were drawn on, where their file does not tell.",
        show_default=False,
        rich_help_panel=STOPS,
    ),
]
CameraOption = Annotated[
    str,
    typer.Option(
        metavar="FILE|NAME",
        help="Camera profile: a file, or the name of a saved one. Any other name is kept with the "
        "job as what the camera is called.",
        show_default=False,
        rich_help_panel=STOPS,
    ),
]
DrawStopOption = Annotated[
    bool | None,
    typer.Option(
        "--draw-stop/--no-draw-stop",
        help="Draw zones, clock, events and corner times on the video.",
        show_default=False,
        rich_help_panel=STOPS,
    ),
]
SegWeightsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Segmentation weights (-seg.pt).",
        show_default="CODEFX_SEG_WEIGHTS_PATH, else best-seg.pt",
        rich_help_panel=DETAILS,
    ),
]
SegClassesOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="Classes to outline, such as person,tyre; usually all.",
        show_default=False,
        rich_help_panel=DETAILS,
    ),
]
FaceConfidenceOption = Annotated[
    float | None,
    typer.Option(
        metavar="0..1",
        help="Fainter faces are left out; usually 0.9.",
        show_default=False,
        rich_help_panel=DETAILS,
    ),
]
SmallestFaceOption = Annotated[
    int | None,
    typer.Option(
        metavar="PX",
        help="Side of the smallest face looked for; usually 20.",
        show_default=False,
        rich_help_panel=DETAILS,
    ),
]

WeightsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Detector weights (.pt).",
        show_default="PITSTOP_YOLO_WEIGHTS_PATH, else best.pt",
        rich_help_panel=MODELS,
    ),
]
DemoModelOption = Annotated[
    bool,
    typer.Option(
        "--demo-model",
        help="Use the demo model (rendered scenes only).",
        rich_help_panel=MODELS,
    ),
]
ConfidenceOption = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="What is drawn, exported and counted.",
        show_default="PITSTOP_YOLO_THRESHOLD, else 0.5",
        rich_help_panel=MODELS,
    ),
]
IouOption = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="NMS IoU.",
        show_default="PITSTOP_IOU_THRESHOLD, else 0.5",
        rich_help_panel=MODELS,
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        help="auto, cpu, mps or cuda:N.",
        show_default="CODEFX_DEVICE, else auto",
        rich_help_panel=MODELS,
    ),
]
QualityOption = Annotated[
    QualityPreset,
    typer.Option(help="Quality of the annotated video against its size.", rich_help_panel=VIDEO),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        help="Folder that holds the jobs/ tree of this run.",
        file_okay=False,
        rich_help_panel=VIDEO,
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object per clip.", rich_help_panel=VIDEO),
]
SeriesOption = Annotated[
    str, typer.Option(help="Series, at most 100 characters.", rich_help_panel=CLIP)
]
RaceOption = Annotated[
    str, typer.Option(help="Race, at most 100 characters.", rich_help_panel=CLIP)
]
NotesOption = Annotated[str, typer.Option(help="Notes.", rich_help_panel=CLIP)]
SessionOption = Annotated[SessionKind, typer.Option(help="Kind of session.", rich_help_panel=CLIP)]
EventDateOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Date of the event.", rich_help_panel=CLIP),
]
