package io.loggos.multicast.group.wire;

import io.loggos.api.group.GroupId;
import io.loggos.multicast.group.core.model.GroupMessage;

/** A message and the group that it is about. */
public record GroupEnvelope(GroupId group, GroupMessage message) {}
