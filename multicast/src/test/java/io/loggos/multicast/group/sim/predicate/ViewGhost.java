package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that happened in one view, at every member. */
final class ViewGhost {
    final ViewId id;
    final TreeMap<Life, Passage> passages = new TreeMap<>();
    /** For each sender the last message that was safe when some application got it. */
    final TreeMap<NodeId, Sent> safe = new TreeMap<>();
    /** The same for messages that some got with the cut, by the view they went to and who got them. */
    final TreeMap<ViewId, TreeMap<NodeId, TreeMap<NodeId, Sent>>> safeByCut = new TreeMap<>();
    /** The safe messages of the total order, as far as somebody has got them before the cut. */
    final List<Sent> agreed = new ArrayList<>();

    /** Survivors of a cut that was adopted, whom the attempt that adopted it could not reach. */
    final TreeSet<NodeId> unreached = new TreeSet<>();

    /** Messages that a receipt has called stable. */
    final List<Sent> stable = new ArrayList<>();
    /** Messages that a receipt has called stable when the view ended. */
    final List<Sent> stableByCut = new ArrayList<>();
    /** Messages to one member that a receipt has called delivered. */
    final List<Sent> promised = new ArrayList<>();
    /** Messages whose receipt says that their fate is unknown. */
    final List<Sent> unknown = new ArrayList<>();

    private final TreeMap<NodeId, List<Sent>> sent = new TreeMap<>();

    ViewGhost(ViewId id) {
        this.id = id;
    }

    Passage passage(Life life) {
        return passages.computeIfAbsent(life, Passage::new);
    }

    /** Members that have sent something in this view. */
    List<NodeId> senders() {
        return new ArrayList<>(sent.keySet());
    }

    /** Messages that a member has sent in this view, in its order. */
    List<Sent> sentBy(NodeId sender) {
        return sent.computeIfAbsent(sender, key -> new ArrayList<>());
    }
}
