package io.loggos.multicast.group.core.model;

/** Event of the protocol of groups that meters count. */
public enum GroupEvent {
    /** This member has entered a view. */
    VIEW_INSTALLED("view installed"),
    /** This member begins an attempt to change its view, as the coordinator. */
    VIEW_CHANGE_ATTEMPTED("view change attempted"),
    /** A member has taken nothing for too long, while this one waits for it. */
    SLOW_MEMBER("slow member"),
    /** A packet came that does not fit the view. It is dropped. */
    PACKET_OUT_OF_PLACE("packet out of place"),
    /** A message that breaks a rule came from a peer. It changes nothing. */
    MESSAGE_OUT_OF_PLACE("message out of place"),
    /** The order numbers of a view that ends contradict its causes: its sequencer has failed. */
    ORDER_CONTRADICTS_CAUSES("order contradicts causes"),
    /** A message was for a node that is no member. It is dropped. */
    SENT_TO_NO_MEMBER("sent to no member"),
    /** Packets that stayed unacknowledged for long are sent again to one member. */
    SENT_AGAIN("sent again");

    private final String text;

    GroupEvent(String text) {
        this.text = text;
    }

    /** Returns the event in words, as meters have it. */
    @Override
    public String toString() {
        return text;
    }
}
