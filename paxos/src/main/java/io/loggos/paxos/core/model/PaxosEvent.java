package io.loggos.paxos.core.model;

/** The events of a replica that traces and counters record. The text of an event is the tag of its counter. */
public enum PaxosEvent {
    /** The replica becomes a candidate. */
    CAMPAIGNS("stands"),
    /** The replica becomes the leader. */
    LEADS("leads"),
    /** The replica gives up candidacy or leadership. */
    STEPS_DOWN("steps down"),
    /** The leader has no room for a command, which stays where it is. */
    QUEUE_FULL("queue full"),
    /** The leader proposes a no-op for a slot without a value. */
    FILLS_HOLE("fills a hole"),
    /** The record of a chosen slot is damaged or missing, and is fetched from a peer. */
    REPAIRS_SLOT("repairs slot"),
    /** A peer asked for a slot that no log has. */
    ASKED_BELOW_FIRST_SLOT("asked for slot below 1"),
    /** An accept was ignored, because too many slots are open here. */
    NO_ROOM_FOR_SLOT("no room for slot"),
    /** The leader's disk is late, and the leader gives way to a node whose disk is not. */
    DISK_LATE("disk is late"),
    /** The leader begins to hand its leadership over. */
    TRANSFERS("begins a transfer"),
    /** The replica to which this one handed its leadership over leads. */
    TRANSFERRED("transferred"),
    /** A transfer has not come about, and the leader goes on. */
    TRANSFER_ABANDONED("transfer abandoned"),
    /** The replica becomes a candidate because the leader has invited it. */
    INVITED("invited"),
    /** The leader begins or renews its lease. */
    LEASED("takes a lease"),
    /** A prepare waits, because its receiver has granted a lease to another node. */
    KEEPS_PREPARE("keeps a prepare until the end of a grant"),
    /** A value was not taken or not passed on, because no frame of this node can carry it. */
    TOO_LARGE_FOR_FRAME("too large for a frame"),
    /** The commands of a slot are passed over here, by an operator's decision. */
    SKIPS_SLOT("skips a slot"),
    /** This replica has answered, or keeps, something else than the others. */
    DIVERGED("diverged"),
    /** A message was ignored, because its ballot does not belong to its sender. */
    FOREIGN_BALLOT("not a ballot of the sender"),
    /** A message was ignored, because no honest peer can have taken its ballot. */
    IMPLAUSIBLE_BALLOT("implausible ballot"),
    /** A message was ignored, because no honest peer can know such a slot to be chosen. */
    IMPLAUSIBLE_SLOT("implausible slot"),
    /** A message was ignored, because its sender stands in another configuration of the log. */
    FOREIGN_CONFIGURATION("message of another configuration"),
    /** The leader proposes the last slot of its configuration. */
    PROPOSES_STOP_SIGN("proposes a stop-sign"),
    /** The replica has learned a stop-sign, and goes on in the next configuration. */
    ENTERS_CONFIGURATION("enters a configuration"),
    /** A prepare was ignored, because this node has lost a chosen slot. */
    NO_PROMISE_DURING_REPAIR("does not promise while a chosen slot is lost");

    private final String text;

    PaxosEvent(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
