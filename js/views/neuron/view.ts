import type { View } from "../view";
import { NeuronView } from "./NeuronView";

export const neuron: View = {
  name: "neuron",
  label: "Neurons",
  Component: NeuronView,
  heads: "one",
  attentionOnly: "The neuron view shows how attention comes about",
};
