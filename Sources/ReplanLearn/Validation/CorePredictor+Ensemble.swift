import ReplanCore
import ReplanLoop
public import ReplanRecord

extension CorePredictor {
  /// A predictor of an ensemble as it is trained and stored.
  public convenience init(_ model: EnsembleModel) {
    let block = ModelBlock(model)
    self.init(
      structure: model.structure, configuration: .ensemble(model.shape),
      parameters: block.parameters, owner: block)
  }
}
