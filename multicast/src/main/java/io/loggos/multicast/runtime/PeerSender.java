package io.loggos.multicast.runtime;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.group.core.Groups;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.wire.GroupCodec;
import org.jspecify.annotations.Nullable;

/** Sends messages about groups over the links. A message to several peers is encoded once. */
final class PeerSender implements Groups.Sender {
    private final NodeId self;
    private final Links links;

    /** The message that was encoded last, in this turn. */
    private @Nullable GroupMessage lastMessage;

    private @Nullable GroupId lastGroup;
    private GroupCodec.@Nullable Encoded lastEncoded;

    PeerSender(NodeId self, Links links) {
        this.self = self;
        this.links = links;
    }

    @Override
    public void send(NodeId to, GroupId group, GroupMessage message) {
        GroupCodec.Encoded encoded = lastEncoded;
        if (encoded == null || message != lastMessage || !group.equals(lastGroup)) {
            encoded = GroupCodec.encode(self, group, message);
            lastMessage = message;
            lastGroup = group;
            lastEncoded = encoded;
        }
        links.send(to, encoded.head(), encoded.body());
    }

    /** Forgets the message that was encoded last. */
    void endTurn() {
        lastMessage = null;
        lastEncoded = null;
    }
}
