"""All that a learner can do, in one list: the key bar, the palette, the help, the buttons and the lessons read it.

Keys are letters, digits, arrows and function keys: control chords are taken by terminals, tmux and editors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What an action belongs to, as the help lists it."""

    BUILD = "Build"
    LOOK = "Look"
    INSIDE = "Inside the images"
    RUN = "Run"
    LOG = "In a log"
    WALK = "Walk through"
    APP = "App"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done."""

    id: str
    title: str
    """For the palette and the help."""
    key: str
    """As the app hears it: `b`, `f1`, `slash`."""
    shown_key: str
    """As it is printed: `b`, `F1`, `/`."""
    short: str
    """For the key bar: a word or two."""
    help: str
    group: Group
    needs_engine: bool = False
    equals: str | None = None
    """The docker command that it equals, in general terms; the command bar shows the exact one."""


ACTIONS: tuple[Action, ...] = (
    Action(
        "build-both", "Build both variants", "b", "b", "build both",
        "Build the single-stage and the multi-stage image and compare them.",
        Group.BUILD, needs_engine=True, equals="docker build -t … -f … . (twice)",
    ),
    Action(
        "build-first", "Build the single-stage variant", "s", "s", "single-stage",
        "Build the first variant alone.",
        Group.BUILD, needs_engine=True, equals="docker build -t … -f Dockerfile.simple .",
    ),
    Action(
        "build-second", "Build the multi-stage variant", "m", "m", "multi-stage",
        "Build the second variant alone.",
        Group.BUILD, needs_engine=True, equals="docker build -t … -f Dockerfile.multistage .",
    ),
    Action(
        "build-stage", "Build the builder stage alone", "t", "t", "builder stage",
        "Stop at the builder stage, to see what it weighs.",
        Group.BUILD, needs_engine=True, equals="docker build --target builder -t … -f Dockerfile.multistage .",
    ),
    Action(
        "cancel", "Cancel the running builds", "x", "x", "cancel",
        "End what is being built; the log so far is kept.",
        Group.BUILD, needs_engine=True, equals="Ctrl+C in a docker build",
    ),
    Action(
        "no-cache", "Build without the cache, or with it", "u", "u", "no cache",
        "Whether every step is carried out anew.",
        Group.BUILD, equals="docker build --no-cache …",
    ),
    Action(
        "at-once", "Build both at once, or one after the other", "o", "o", "at once",
        "One after the other keeps the times comparable; at once is sooner done.",
        Group.BUILD,
    ),
    Action("show-steps", "Show the steps", "1", "1", "steps", "The steps of the walk-through.", Group.LOOK),
    Action("show-lesson", "Show the lesson", "2", "2", "lesson", "The text of the step.", Group.LOOK),
    Action(
        "show-dockerfiles", "Show the Dockerfiles", "3", "3", "Dockerfiles",
        "Both Dockerfiles side by side.", Group.LOOK, equals="cat Dockerfile.simple Dockerfile.multistage",
    ),
    Action("show-build", "Show the builds", "4", "4", "build", "Steps and logs of both builds.", Group.LOOK),
    Action(
        "show-sizes", "Show the sizes", "5", "5", "sizes",
        "Both images to scale, the ratio, and their layers.", Group.LOOK, equals="docker images; docker history …",
    ),
    Action(
        "show-inside", "Show what is inside", "6", "6", "inside",
        "Where the bytes are, layer by layer and file by file.", Group.LOOK,
    ),
    Action("show-run", "Show what runs", "7", "7", "run", "The containers, their answers and logs.", Group.LOOK),
    Action(
        "switch-edition", "Switch between today's Dockerfiles and those of 2019", "e", "e", "edition",
        "The article's own Dockerfiles of 2019, or a pair as one writes it today.", Group.LOOK,
    ),
    Action(
        "zoom", "One pane over the whole width, or side by side", "z", "z", "zoom",
        "Give the pane with the focus all the room.", Group.LOOK,
    ),
    Action(
        "look-inside", "Look inside the images", "i", "i", "look inside",
        "Read the layers and sort every byte by its purpose; the engine gathers them first, which takes a moment.",
        Group.INSIDE, needs_engine=True, equals="docker save …",
    ),
    Action(
        "inside-picture", "The picture: bytes by purpose", "p", "p", "picture",
        "Both images to scale, each byte by its purpose, and the figures.", Group.INSIDE,
    ),
    Action(
        "inside-layers", "The layers of both images, side by side", "l", "l", "layers",
        "Each layer with the instruction and the stage that made it.", Group.INSIDE, equals="docker history …",
    ),
    Action(
        "inside-files", "The files", "v", "v", "files",
        "A tree of all files, with what they weigh.", Group.INSIDE, equals="docker export … | tar -tv",
    ),
    Action(
        "inside-list", "List another set of files", "a", "a", "other list",
        "The comparison, the one image, the other, or the layer that was chosen.", Group.INSIDE,
    ),
    Action("inside-sort", "Sort by size, or by name", "O", "O", "sort", "The largest first, or by name.", Group.INSIDE),
    Action("inside-largest", "To the largest file", "L", "L", "largest", "Go to the largest file.", Group.INSIDE),
    Action(
        "inside-wasted", "To the next wasted copy", "W", "W", "wasted",
        "Go to the next copy that takes room and that nobody can see.", Group.INSIDE,
    ),
    Action("inside-program", "To your program", "P", "P", "your program", "Go to the program itself.", Group.INSIDE),
    Action(
        "inside-only", "Only one kind of files", "I", "I", "one kind",
        "Of each purpose alone, in turn, then what was added, changed, removed or wasted, then all again.",
        Group.INSIDE,
    ),
    Action(
        "measure-packed", "Measure what the images weigh packed", "h", "h", "packed size",
        "Pack each layer as a registry would hold it, which takes some seconds.",
        Group.INSIDE, needs_engine=True, equals="docker save … | gzip | wc -c",
    ),
    Action(
        "run-both", "Run both variants", "R", "R", "run both",
        "Run both, detached, each on a free port, and ask them the same questions.",
        Group.RUN, needs_engine=True, equals="docker run -d -p 127.0.0.1::8080 … (twice)",
    ),
    Action(
        "run-front", "Run the variant in front alone", "F", "F", "run one",
        "Detached, on a free port, and asked the same questions.",
        Group.RUN, needs_engine=True, equals="docker run -d -p 127.0.0.1::8080 …",
    ),
    Action(
        "run-8080", "Run the variant in front on port 8080", "8", "8", "on port 8080",
        "As the article does; where the port is taken, its holder is named.",
        Group.RUN, needs_engine=True, equals="docker run -d -p 8080:8080 …",
    ),
    Action(
        "run-again", "Ask the same questions again", "A", "A", "ask again",
        "GET /, GET /healthz, a round through the WebSocket, memory and processes.",
        Group.RUN, needs_engine=True, equals="curl …; docker stats …; docker top …",
    ),
    Action(
        "run-chat", "Chat with the variant in front", "C", "C", "chat",
        "Type to its WebSocket and see the echo.",
        Group.RUN, needs_engine=True, equals="docker port … (and any WebSocket client)",
    ),
    Action(
        "run-browse", "Open your page in the browser", "B", "B", "browser",
        "goapp/index.html, connected to the container.",
        Group.RUN, needs_engine=True, equals="docker port … (and a browser)",
    ),
    Action(
        "run-shell", "Open a shell in the container", "D", "D", "shell",
        "Where the image has one.", Group.RUN, needs_engine=True, equals="docker exec -it … sh",
    ),
    Action(
        "run-times", "Times before the log's lines, or not", "T", "T", "times",
        "When each line was printed.", Group.RUN, needs_engine=True, equals="docker logs --timestamps -f …",
    ),
    Action(
        "run-outputs", "Both outputs, stdout alone, stderr alone", "V", "V", "outputs",
        "What of the container's log is shown, in turn.",
        Group.RUN, equals="docker logs -f … 2>/dev/null; docker logs -f … >/dev/null",
    ),
    Action(
        "run-stop", "Stop and remove what runs", "K", "K", "stop",
        "Stop the containers of this session, and remove them.",
        Group.RUN, needs_engine=True, equals="docker stop …; docker rm …",
    ),
    Action("next-step", "Next step", "j", "j", "next", "The next step of the walk-through.", Group.WALK),
    Action("previous-step", "Previous step", "k", "k", "back", "The step before.", Group.WALK),
    Action(
        "step-action", "Do what this step asks for", "d", "d", "do it",
        "Carry out the action that the lesson's step is about.", Group.WALK,
    ),
    Action(
        "find-step", "Find a step; skip or reset steps", "S", "S", "find step",
        "All steps in a list that can be searched: go to one, skip it, or begin it anew; or begin all anew.",
        Group.WALK,
    ),
    Action(
        "ending", "What you have so far: the ending", "E", "E", "ending",
        "What you built, how much smaller it became, exercises and guesses; with a certificate to take along.",
        Group.WALK,
    ),
    Action(
        "notes", "Notes for the presenter, or none", "M", "M", "notes",
        "Show or hide what the course says to whoever stands in front of a room.", Group.WALK,
    ),
    Action("search", "Search in the pane", "slash", "/", "search", "Find a text in the log or file.", Group.LOG),
    Action("search-next", "Next match", "n", "n", "next match", "Go to the next match.", Group.LOG),
    Action("search-previous", "Previous match", "N", "N", "previous match", "Go to the match before.", Group.LOG),
    Action(
        "wrap", "Wrap long lines, or cut them", "w", "w", "wrap",
        "Long lines go on in the next row, or are cut at the edge.", Group.LOG,
    ),
    Action("log-end", "To the end, and follow", "G", "G", "end", "To the newest line, following the log.", Group.LOG),
    Action("log-start", "To the beginning", "g", "g", "start", "Go to the oldest line.", Group.LOG),
    Action(
        "yank", "Copy the selection, or the whole log", "y", "y", "copy",
        "Copy what is selected, or else everything in the pane.", Group.LOG,
    ),
    Action("save-log", "Save the log to a file", "f", "f", "save log", "Write the whole log to a file.", Group.LOG),
    Action(
        "copy-command", "Copy the docker command", "c", "c", "copy command",
        "Copy the docker command that is shown.", Group.APP,
    ),
    Action(
        "clean-up", "Clean up: what was made, and its removal", "X", "X", "clean up",
        "Lists the containers, images and cached files that are ours, and removes those that you choose.",
        Group.APP, needs_engine=True, equals="docker rm …; docker rmi …",
    ),
    Action(
        "retry-engine", "Look for an engine again", "r", "r", "retry engine",
        "Connect anew, after the engine was started.", Group.APP, equals="docker info",
    ),
    Action("help", "Help", "f1", "F1", "help", "All keys, and what the app is for.", Group.APP),
    Action("palette", "Command palette", "f2", "F2", "palette", "All actions, by name.", Group.APP),
    Action("theme", "Dark or light", "f5", "F5", "dark/light", "Switch between the two themes.", Group.APP),
    Action("quit", "Quit", "q", "q", "quit", "Leave; a running build is cancelled.", Group.APP),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}
